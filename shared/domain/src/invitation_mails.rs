//! How many invitation mails a workspace may send, and when their sending is paused: one workspace must
//! not use up what SES lets all of them send, nor their reputation.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::time::later;
use crate::{INVITATION_LIFE, Invitation, Role, User, Workspace};

/// The shortest time between two invitation mails to one person. Immediate runs wait longer, see
/// `BETWEEN_IMMEDIATE_INVITATIONS` in `plan/waits.rs`.
pub const BETWEEN_INVITATIONS: SignedDuration = SignedDuration::from_mins(10);

/// The number of mails from which on shares are taken: of fewer, one bounce would be a large share.
const FEWEST_SENT: u32 = 100;

/// The number of complaints from which on their share is taken: one person who mistakes an invitation
/// for spam does not pause a company's.
const FEWEST_COMPLAINTS: u32 = 3;

/// The invitation mails of a workspace that were sent on one day in Japan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvitationMails {
    /// How many SES took.
    pub sent: u32,
    /// How many of them bounced for good.
    pub bounced: u32,
    /// How many of them were reported as spam.
    pub complained: u32,
}

/// Why a workspace's invitation mails are paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// Too many bounced.
    Bounces,
    /// Too many were reported as spam.
    Complaints,
}

/// The pause of a workspace's invitation mails, which an operator lifts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationPause {
    /// Since when they are paused.
    pub since: Timestamp,
    /// Why.
    pub reason: PauseReason,
    /// The mails of the day that was decided on.
    pub mails: InvitationMails,
}

impl InvitationMails {
    /// Returns why the workspace's invitation mails must be paused, if they must: SES puts an account
    /// under review when 5 % of its mails bounce or 0.1 % are reported (Amazon SES Developer Guide,
    /// "Amazon SES sending review process FAQs").
    pub fn pause_reason(&self) -> Option<PauseReason> {
        let share_is = |count: u32, one_in: u32| count.saturating_mul(one_in) >= self.sent;
        if self.sent >= FEWEST_SENT && share_is(self.bounced, 20) {
            Some(PauseReason::Bounces)
        } else if self.complained >= FEWEST_COMPLAINTS && share_is(self.complained, 1000) {
            Some(PauseReason::Complaints)
        } else {
            None
        }
    }

    /// Returns the most invitation mails that a workspace sends on one day in Japan: everybody whom the
    /// plan allows is invited in the first night, and once again by an admin.
    pub fn most_a_day(workspace: &Workspace) -> u32 {
        workspace.seats.saturating_mul(2).max(FEWEST_SENT)
    }
}

impl Invitation {
    /// Returns whether the invitation was made so shortly before `now` that its person gets no other one
    /// yet.
    pub fn is_recent(&self, now: Timestamp) -> bool {
        let left = self.expires_at.duration_since(now);
        left > INVITATION_LIFE.saturating_sub(BETWEEN_INVITATIONS)
    }
}

/// How much later than the invitation its mail may go out without a new end: a large company's mails take an hour.
const PUNCTUAL: SignedDuration = SignedDuration::from_hours(1);

impl User {
    /// Returns the user with an invitation that ends 72 hours after `now`, at which its mail goes out; `None` if the
    /// mail is punctual, or nobody is invited.
    pub fn with_late_invitation(&self, now: Timestamp) -> Option<Self> {
        let open = self.invitation.as_ref()?;
        let ends = later(now, INVITATION_LIFE);
        if ends.duration_since(open.expires_at) <= PUNCTUAL {
            return None;
        }
        let mut after = self.clone();
        after.version += 1;
        after.invitation = Some(Invitation {
            expires_at: ends,
            ..open.clone()
        });
        Some(after)
    }

    /// Returns whether a pause holds the user's invitation mails back. Those of admins go out: an admin
    /// is needed to mend what caused it.
    pub fn waits_for_pause(&self) -> bool {
        matches!(self.role, Role::Staff | Role::Member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GroupId, UserId};

    fn reason(sent: u32, bounced: u32, complained: u32) -> Option<PauseReason> {
        let mails = InvitationMails {
            sent,
            bounced,
            complained,
        };
        mails.pause_reason()
    }

    #[test]
    fn the_72_hours_of_an_invitation_count_from_its_mail_when_that_is_more_than_an_hour_late() {
        let at = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let mut user = User::new(UserId::new("usr_a"), "田中 花子");
        let fields = user.synced_fields(GroupId::new("viewers"));
        assert_eq!(user.with_late_invitation(at(5)), None);
        user.invite(fields, at(0));
        assert_eq!(user.with_late_invitation(at(0)), None);
        assert_eq!(user.with_late_invitation(at(1)), None);
        let late = user.with_late_invitation(at(5)).unwrap();
        assert_eq!(late.invitation.as_ref().unwrap().expires_at, at(5 + 72));
        assert_eq!(late.serial, user.serial, "the link is the same");
        assert_eq!(late.with_late_invitation(at(5)), None, "once");
    }

    #[test]
    fn a_share_of_five_percent_that_bounces_pauses_unless_there_are_few_mails() {
        assert_eq!(reason(100, 5, 0), Some(PauseReason::Bounces));
        assert_eq!(reason(100, 4, 0), None);
        assert_eq!(reason(99, 99, 0), None);
        assert_eq!(reason(0, 0, 0), None);
    }

    #[test]
    fn a_thousandth_that_is_reported_as_spam_pauses_but_not_one_or_two_people() {
        assert_eq!(reason(3000, 0, 3), Some(PauseReason::Complaints));
        assert_eq!(reason(10, 0, 3), Some(PauseReason::Complaints));
        assert_eq!(reason(3001, 0, 3), None);
        assert_eq!(reason(100, 0, 2), None);
    }
}
