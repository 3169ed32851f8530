//! Second factors of stored users.

use credentials::{CredentialSeed, DerivationKey, Random, RecoveryCodes, TotpSecret};
use domain::{UserId, WorkspaceId};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use storage::second_factors::{SecondFactorChange, Totp};
use storage::transaction::Commit;

use crate::clock::now;
use crate::services::DERIVATION_KEY;
use crate::test_env::TestEnv;

/// What a user with a second factor has in hand.
#[derive(Debug)]
pub struct SecondFactor {
    secret: TotpSecret,
    /// The recovery codes.
    pub recovery_codes: Vec<String>,
}

impl SecondFactor {
    /// Returns the code that the authenticator app shows now.
    pub fn code(&self) -> String {
        self.code_after(0)
    }

    /// Returns the code that the app shows so many seconds from now.
    pub fn code_after(&self, seconds: i64) -> String {
        let at = now() + SignedDuration::from_secs(seconds);
        self.secret.code(at).expose_secret().to_owned()
    }
}

impl TestEnv {
    /// Gives a user of a workspace an authenticator app and recovery codes.
    pub async fn add_second_factor_in(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> SecondFactor {
        let key = DerivationKey::from_secret(&DERIVATION_KEY.into()).unwrap();
        let seed = CredentialSeed::generate(&Random::os());
        let secret = TotpSecret::derive(&key, &seed, workspace_id, user_id);
        let codes = RecoveryCodes::generate(&Random::os());
        let totp = Totp {
            key_id: key.id().clone(),
            seed: seed.expose_to_store().into(),
            last_step: 0,
            added_at: now(),
        };
        let changes = [
            SecondFactorChange::PutTotp(totp),
            SecondFactorChange::PutRecoveryCodes(codes.hashes()),
        ];
        let commit = Commit {
            second_factors: changes.map(|change| (user_id.clone(), change)).into(),
            ..Commit::default()
        };
        self.store
            .commit(workspace_id, &commit, now())
            .await
            .unwrap();
        let codes = codes.codes().iter();
        SecondFactor {
            secret,
            recovery_codes: codes.map(|code| code.expose_secret().to_owned()).collect(),
        }
    }

    /// As [`TestEnv::add_second_factor_in`], in the workspace of the environment.
    pub async fn add_second_factor(&self, user_id: &str) -> SecondFactor {
        let workspace_id = &self.workspace.workspace_id;
        self.add_second_factor_in(workspace_id, &UserId::new(user_id))
            .await
    }
}
