//! The credentials that were mailed and not used yet. All kinds of them are listed here, so that an
//! operator can void every one.

use jiff::Timestamp;

use super::user::{Credential, Invitation, User};

/// The [`Invitation::serial`] of one that was voided. The first invitation has 1.
const VOIDED: u32 = 0;

/// A mailed credential that still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenCredential {
    /// The link of an invitation, or to set a password.
    Invitation,
    /// An initial password that was not replaced yet.
    InitialPassword,
    /// The link of a password reset. It is stored apart from its user.
    PasswordReset,
}

impl Invitation {
    fn is_voided(&self) -> bool {
        self.serial == VOIDED
    }
}

impl User {
    /// Returns the user's credentials that are open at `now`, of those that are stored with the user.
    pub fn open_credentials(&self, now: Timestamp) -> impl Iterator<Item = OpenCredential> {
        let invitation = self.invitation.as_ref().filter(|it| now < it.expires_at);
        let initial =
            matches!(self.credential, Credential::Initial { expires_at } if now < expires_at);
        let invitation = invitation.map(|_| OpenCredential::Invitation);
        let initial = initial.then_some(OpenCredential::InitialPassword);
        invitation.into_iter().chain(initial)
    }

    /// Returns whether [`User::void_open_credentials`] changes something. An invitation that expired while its mail
    /// waited counts as well: the mail would let its link work again.
    pub fn has_credentials_to_void(&self, now: Timestamp) -> bool {
        let invitation = self.invitation.as_ref();
        invitation.is_some_and(|it| !it.is_voided()) || self.open_credentials(now).next().is_some()
    }

    /// Ends the open credentials at `now`. They show as expired, no mail goes out with them, and the next run or an
    /// admin issues new ones, as after any that expired.
    pub fn void_open_credentials(&mut self, now: Timestamp) {
        if let Some(invitation) = &mut self.invitation {
            invitation.expires_at = invitation.expires_at.min(now);
            invitation.serial = VOIDED;
        }
        // The caller deletes the record of a password reset.
        if let Credential::Initial { expires_at } = &mut self.credential {
            *expires_at = now.min(*expires_at);
        }
    }
}
