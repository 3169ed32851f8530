//! The unused credential that a user was sent for the first login, and whether it still works.

use domain::{Credential, INITIAL_PASSWORD_LIFE, INVITATION_LIFE, User};
use jiff::{SignedDuration, Timestamp};

use domain::time::date_and_time;

/// An open invitation, or an initial password that was not replaced yet.
pub(super) struct OpenCredential {
    /// The name of the credential on the screen.
    pub(super) what: &'static str,
    /// The time at which it was issued, in Japan time.
    pub(super) at: String,
    /// The time until which it works, in Japan time.
    pub(super) until: String,
    pub(super) expired: bool,
    /// The reason why the mail did not arrive, as far as SES has reported one.
    pub(super) bounced: Option<String>,
}

impl OpenCredential {
    /// Returns the last credential of `user` that is unused; `None` for users who have signed in.
    pub(super) fn of(user: &User, now: Timestamp) -> Option<Self> {
        if let Some(invitation) = &user.invitation {
            let ends = invitation.expires_at;
            return Some(Self {
                bounced: invitation.bounced.clone(),
                ..Self::new("招待メール", ends, INVITATION_LIFE, now)
            });
        }
        match user.credential {
            Credential::Initial { expires_at } => Some(Self::new(
                "初期パスワード",
                expires_at,
                INITIAL_PASSWORD_LIFE,
                now,
            )),
            Credential::None | Credential::Password => None,
        }
    }

    fn new(what: &'static str, ends: Timestamp, life: SignedDuration, now: Timestamp) -> Self {
        let began = ends.checked_sub(life).unwrap_or(Timestamp::MIN);
        Self {
            what,
            at: date_and_time(began),
            until: date_and_time(ends),
            expired: now >= ends,
            bounced: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use testkit::users::member;

    use super::*;

    #[test]
    fn an_initial_password_is_shown_with_its_month_in_japan() {
        let mut user = member("u");
        user.credential = Credential::Initial {
            expires_at: "2026-12-23T17:00:00Z".parse().unwrap(),
        };
        let at = |now: &str| OpenCredential::of(&user, now.parse().unwrap()).unwrap();
        let sent = at("2026-12-23T16:59:59Z");
        assert_eq!(sent.at, "2026/12/10 02:00");
        assert_eq!(sent.until, "2026/12/24 02:00");
        assert!(!sent.expired);
        assert!(at("2026-12-23T17:00:00Z").expired);
    }

    #[test]
    fn who_is_in_has_nothing_waiting() {
        let user = member("u");
        assert!(OpenCredential::of(&user, Timestamp::UNIX_EPOCH).is_none());
    }
}
