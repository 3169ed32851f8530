//! The credentials that were mailed and not used yet. All kinds of them are listed here, so that an
//! operator can void every one.

use jiff::Timestamp;

use super::user::{Credential, User};

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

    /// Ends the open credentials at `now`. They show as expired, and the next run or an admin issues new
    /// ones, as after any that expired.
    pub fn void_open_credentials(&mut self, now: Timestamp) {
        let open: Vec<OpenCredential> = self.open_credentials(now).collect();
        for credential in open {
            match credential {
                OpenCredential::Invitation => {
                    if let Some(invitation) = &mut self.invitation {
                        invitation.expires_at = now;
                    }
                }
                OpenCredential::InitialPassword => {
                    self.credential = Credential::Initial { expires_at: now };
                }
                // The caller deletes its record.
                OpenCredential::PasswordReset => {}
            }
        }
    }
}
