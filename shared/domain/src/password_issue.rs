//! The initial passwords that were issued together, by a run or by an admin.
//!
//! People without an address are not there at night, and an admin whose mail bounced or was lost need not issue all
//! of the passwords again. So they can be made again for a week, from one seed: the cards and the CSV are made for a
//! システム管理者 on request, for those whose stored hash still fits, and each opening is an event of the audit trail.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::time::later;
use crate::{Redacted, Run, UserId};

/// How long initial passwords can be made again, for their cards and their CSV: long enough to print and hand out what
/// a night issued, and half as long as an initial password is valid.
pub const PASSWORDS_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What issued initial passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuedBy {
    /// A run, which registered users by their employee code.
    Run,
    /// An admin, who issued them again (再発行).
    Admin,
}

/// Initial passwords that were issued together. It names nobody but by id; whether a password is still that of its user
/// is found by the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordIssue {
    /// The id of the run, or [`PasswordIssue::prefix`] and a random text.
    pub issue_id: String,
    /// What issued the passwords.
    pub issued_by: IssuedBy,
    /// The time at which the run began, or the admin asked: no password was issued earlier.
    pub issued_at: Timestamp,
    /// The time until which the passwords can be made again.
    pub kept_until: Timestamp,
    /// How many people got one.
    pub people: usize,
    /// Who got one, as far as they were written; `None` for a run, whose rows say it, and for issues of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_ids: Option<Vec<UserId>>,
    /// The seed that the passwords are derived from, together with a key that is kept elsewhere.
    pub password_seed: Redacted,
    /// Why the mail about them did not arrive at a システム管理者, as far as SES has reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced: Option<String>,
}

impl PasswordIssue {
    /// Creates the issue of a run that ends at `now`; `None` if the run has no seed.
    pub fn of_run(run: &Run, people: usize, now: Timestamp) -> Option<Self> {
        Some(Self {
            issue_id: run.run_id.to_string(),
            issued_by: IssuedBy::Run,
            issued_at: run.started_at,
            kept_until: later(now, PASSWORDS_KEPT),
            people,
            user_ids: None,
            password_seed: run.password_seed.clone()?,
            bounced: None,
        })
    }

    /// Creates the issue of an admin's request at `now`, which nobody got a password of yet. `random` tells it from
    /// others at the same time.
    pub fn by_admin(
        (admin, random): (&UserId, &str),
        people: usize,
        password_seed: Redacted,
        now: Timestamp,
    ) -> Self {
        Self {
            issue_id: format!("{}{random}", Self::prefix(admin, now)),
            issued_by: IssuedBy::Admin,
            issued_at: now,
            kept_until: later(now, PASSWORDS_KEPT),
            people,
            user_ids: Some(Vec::new()),
            password_seed,
            bounced: None,
        }
    }

    /// Returns how the id of an issue begins that an admin asked for at `now`: a repetition of the request finds it so.
    pub fn prefix(admin: &UserId, now: Timestamp) -> String {
        format!("{}-{admin}-", now.strftime("%Y%m%dT%H%M%S%6fZ"))
    }

    /// Returns whether the passwords can still be made again at `now`.
    pub fn is_kept_at(&self, now: Timestamp) -> bool {
        now < self.kept_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::is_plain_id;

    #[test]
    fn an_issue_has_a_plain_id_of_its_own_and_is_kept_for_seven_days() {
        let at: Timestamp = "2026-11-24T00:00:00.25Z".parse().unwrap();
        let issue =
            |at| PasswordIssue::by_admin((&UserId::new("usr_1"), "a"), 1, "seed".into(), at);
        let kept = issue(at);
        assert!(is_plain_id(&kept.issue_id), "{}", kept.issue_id);
        assert_ne!(
            kept.issue_id,
            issue(later(at, SignedDuration::from_millis(1))).issue_id
        );
        assert!(kept.is_kept_at("2026-12-01T00:00:00Z".parse().unwrap()));
        assert!(!kept.is_kept_at("2026-12-01T00:00:00.25Z".parse().unwrap()));
        assert!(!format!("{kept:?}").contains("seed\""));
    }
}
