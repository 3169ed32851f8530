//! What is stored of a way in: hashes only. The secrets themselves are derived again when the mail
//! is made, so that they stand in no table and no queue.

use access::{DerivationKey, InitialPasswordHash, InitialPasswordSeed, Random, TokenHash};
use aws::commit::HashChange;
use aws::outbox::{MailKind, OutboxMail};
use directory::{User, WayIn, WorkspaceId};
use jiff::Timestamp;

/// What a way in adds to the write of a user.
pub(crate) struct Given {
    pub(crate) hashes: HashChange,
    pub(crate) mail: Option<OutboxMail>,
}

/// Derives the secrets of users.
pub(crate) struct Giver<'a> {
    pub(crate) key: &'a DerivationKey,
    pub(crate) seed: &'a InitialPasswordSeed,
    pub(crate) random: &'a Random,
    pub(crate) workspace_id: &'a WorkspaceId,
    pub(crate) now: Timestamp,
}

impl Giver<'_> {
    /// What `user`, as it will be, gets for `way_in`.
    pub(crate) fn give(&self, user: &User, way_in: Option<WayIn>) -> Given {
        let serial = u64::from(user.serial);
        let mut given = Given {
            hashes: HashChange::default(),
            mail: None,
        };
        match way_in {
            None | Some(WayIn::SingleSignOn) => {}
            Some(WayIn::Invitation) => {
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
            Some(WayIn::InitialPassword) => {
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
