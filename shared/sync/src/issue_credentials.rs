//! What is stored of a way in: hashes only. The secrets themselves are derived again when the mail
//! is made, so that they stand in no table and no queue.

use credentials::{DerivationKey, InitialPasswordHash, InitialPasswordSeed, Random, TokenHash};
use domain::{FirstLogin, User, WorkspaceId};
use domain::{MailKind, OutboxMail};
use jiff::Timestamp;
use storage::transaction::CredentialHashChanges;

/// What a way in adds to the write of a user.
pub(crate) struct IssuedCredential {
    pub(crate) hashes: CredentialHashChanges,
    pub(crate) mail: Option<OutboxMail>,
}

/// Derives the secrets of users.
pub(crate) struct CredentialIssuer<'a> {
    pub(crate) key: &'a DerivationKey,
    pub(crate) seed: &'a InitialPasswordSeed,
    pub(crate) random: &'a Random,
    pub(crate) workspace_id: &'a WorkspaceId,
    pub(crate) now: Timestamp,
}

impl CredentialIssuer<'_> {
    /// What `user`, as it will be, gets for `first_login`.
    pub(crate) fn give(&self, user: &User, first_login: Option<FirstLogin>) -> IssuedCredential {
        let serial = u64::from(user.serial);
        let mut given = IssuedCredential {
            hashes: CredentialHashChanges::default(),
            mail: None,
        };
        match first_login {
            None | Some(FirstLogin::SingleSignOn) => {}
            Some(FirstLogin::Invitation) => {
                let token = self
                    .key
                    .invitation_token(self.workspace_id, &user.user_id, serial);
                given.hashes.invitation_hash = Some(TokenHash::of(&token).as_str().to_owned());
                given.mail = Some(OutboxMail::new(
                    MailKind::Invitation {
                        user_id: user.user_id.clone(),
                        serial: user.serial,
                        again: user.serial > 1,
                    },
                    self.now,
                ));
            }
            Some(FirstLogin::InitialPassword) => {
                let password =
                    self.key
                        .initial_password(self.seed, self.workspace_id, &user.user_id, serial);
                let hash = InitialPasswordHash::of(&password, self.random);
                given.hashes.initial_password_hash = Some(hash.expose_to_store().to_owned());
            }
        }
        given
    }
}
