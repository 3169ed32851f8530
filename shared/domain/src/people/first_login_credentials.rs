//! What a user gets for their first login: an invitation, an initial password, or nothing, because the identity
//! provider signs them in.
//!
//! An invitation is valid for 72 hours, as the manual says. The manual has no life of an initial password: 14 days is
//! shorter than what is usual, so that a CSV that is left lying about is soon worth nothing.

use jiff::{SignedDuration, Timestamp};

use crate::time::later;
use crate::{Credential, Invitation, Status, SyncedFields, User};

/// How long an invitation is valid. Manual: 「招待メールから72時間超えても登録されない場合はリンクが無効になり」.
pub const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(72);

/// How long an initial password is valid: 14 days.
pub const INITIAL_PASSWORD_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Issues credentials for the first login. An invitation that was open before is void.
impl User {
    /// Opens an invitation with these `fields`.
    pub fn invite(&mut self, fields: SyncedFields, now: Timestamp) {
        self.serial += 1;
        self.invitation = Some(Invitation {
            fields_at_invitation: fields,
            expires_at: later(now, INVITATION_LIFE),
            serial: self.serial,
            bounced: None,
        });
    }

    /// Replaces invitation and password with an initial password.
    pub fn issue_initial_password(&mut self, now: Timestamp) {
        self.invitation = None;
        self.serial += 1;
        self.status = Status::Active;
        self.credential = Credential::Initial {
            expires_at: later(now, INITIAL_PASSWORD_LIFE),
        };
    }

    /// Makes the user 有効 without anything to send: the identity provider signs them in. A password
    /// from before is void, also when the user returns to passwords.
    pub fn admit_by_sso(&mut self) {
        self.invitation = None;
        self.credential = Credential::None;
        self.status = Status::Active;
    }
}
