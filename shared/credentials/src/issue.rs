//! Issues invitations and initial passwords: the changes to the user, the hashes to store, and the
//! mail, which keeps the seed. The secrets themselves are derived again when the mail is rendered, so
//! that no table and no queue ever holds them.

use domain::{
    CredentialHashChanges, DerivedFrom, FirstLogin, OutboxMail, SyncedFields, User, WorkspaceId,
};
use jiff::Timestamp;

use crate::credential_seed::CredentialSeed;
use crate::derivation_key::DerivationKey;
use crate::initial_password::InitialPasswordHash;
use crate::random::Random;
use crate::token_hash::TokenHash;

/// The additions of an issued credential to the write of its user.
#[derive(Debug, Default)]
pub struct IssuedCredential {
    /// The hashes of the issued secrets, to be stored.
    pub hashes: CredentialHashChanges,
    /// The mail to put into the outbox; `None` when no mail is owed for this user alone.
    pub mail: Option<OutboxMail>,
}

/// Issues credentials to the users of one workspace.
#[derive(Debug)]
pub struct CredentialIssuer<'a> {
    /// The key that secrets are derived from.
    pub key: &'a DerivationKey,
    /// The workspace that all the users belong to.
    pub workspace_id: &'a WorkspaceId,
    /// The time at which the credentials are issued; their lifetime begins then.
    pub now: Timestamp,
}

impl CredentialIssuer<'_> {
    /// Invites `user` with these `fields`. The URL of an earlier invitation no longer works.
    pub fn invite(
        &self,
        user: &mut User,
        fields: SyncedFields,
        random: &Random,
    ) -> IssuedCredential {
        user.invite(fields, self.now);
        self.invitation_of(user, random)
    }

    /// Issues an initial password to `user`, whose sessions end. It is mailed with others that have the same `seed`.
    pub fn issue_initial_password(
        &self,
        user: &mut User,
        seed: &CredentialSeed,
        random: &Random,
    ) -> IssuedCredential {
        user.issue_initial_password(self.now);
        IssuedCredential {
            hashes: CredentialHashChanges {
                end_sessions: true,
                ..self.initial_password_of(user, seed, random)
            },
            mail: None,
        }
    }

    /// Returns what a run stores and mails for the `first_login` that it assigned to `user`. Each
    /// invitation has a seed of its own; initial passwords are mailed for the whole run, which keeps
    /// their `seed`.
    pub fn of_run(
        &self,
        user: &User,
        first_login: Option<FirstLogin>,
        seed: &CredentialSeed,
        random: &Random,
    ) -> IssuedCredential {
        match first_login {
            None | Some(FirstLogin::SingleSignOn) => IssuedCredential::default(),
            Some(FirstLogin::Invitation) => self.invitation_of(user, random),
            Some(FirstLogin::InitialPassword) => IssuedCredential {
                hashes: self.initial_password_of(user, seed, random),
                mail: None,
            },
        }
    }

    fn invitation_of(&self, user: &User, random: &Random) -> IssuedCredential {
        let serial = u64::from(user.serial);
        let seed = CredentialSeed::generate(random);
        let token =
            self.key
                .invitation_token(Some(&seed), self.workspace_id, &user.user_id, serial);
        let derived_from = DerivedFrom {
            key_id: self.key.id().clone(),
            seed: seed.expose_to_store().into(),
        };
        IssuedCredential {
            hashes: CredentialHashChanges {
                invitation_hash: Some(TokenHash::of(&token).as_str().to_owned()),
                ..CredentialHashChanges::default()
            },
            mail: Some(OutboxMail::invitation(user, derived_from, self.now)),
        }
    }

    fn initial_password_of(
        &self,
        user: &User,
        seed: &CredentialSeed,
        random: &Random,
    ) -> CredentialHashChanges {
        let serial = u64::from(user.serial);
        let password = self
            .key
            .initial_password(seed, self.workspace_id, &user.user_id, serial);
        let hash = InitialPasswordHash::of(&password, self.key.id(), random);
        CredentialHashChanges {
            initial_password_hash: Some(hash.expose_to_store().to_owned()),
            ..CredentialHashChanges::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{GroupId, UserId};

    use super::*;

    #[test]
    fn a_new_invitation_lives_72_hours_and_has_another_secret_than_the_last_one() {
        let key = DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into()).unwrap();
        let issuer = CredentialIssuer {
            key: &key,
            workspace_id: &WorkspaceId::new("ws"),
            now: "2026-11-24T00:00:00Z".parse().unwrap(),
        };
        let mut user = User::new(UserId::new("u"), "田中 花子");
        let fields = user.synced_fields(GroupId::new("viewers"));
        let random = Random::seeded(1);
        let first = issuer.invite(&mut user, fields.clone(), &random);
        let second = issuer.invite(&mut user, fields, &random);
        assert_ne!(first.hashes.invitation_hash, second.hashes.invitation_hash);
        assert_eq!(second.mail.unwrap().mail_id, "invitation#u#2");
        let expires_at = user.invitation.unwrap().expires_at;
        assert_eq!(expires_at, "2026-11-27T00:00:00Z".parse().unwrap());
    }
}
