//! The people who wait in an immediate run: what only the whole list can answer, or what comes in one piece at night,
//! is left to the night, and nobody gets two invitations within an hour while HR is typing.

use jiff::{SignedDuration, Timestamp};

use super::candidate::Candidate;
use super::decide::decide;
use super::{OutOfScopeReason, UserOutOfScope, WaitingPerson};
use crate::run_failure::SmartHrField;
use crate::time::{hour_and_minute, later};
use crate::{FirstLogin, INVITATION_LIFE, PlanInput, PlanScope, User};

/// The shortest time between two invitations of a person by immediate runs. Between any two invitation mails it is
/// [`BETWEEN_INVITATIONS`](crate::BETWEEN_INVITATIONS).
const BETWEEN_IMMEDIATE_INVITATIONS: SignedDuration = SignedDuration::from_hours(1);

/// What a person waits for whom an immediate run leaves as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// Another user has the address or code: who hands it over to whom is known at night.
    Taken,
    /// A user who is not linked yet has the address or code, and somebody else in SmartHR may have it as well.
    FirstLink,
    /// The person would lose an address or code. At night it is known whether everybody did.
    LostField,
    /// Initial passwords are issued at night, in one CSV.
    InitialPassword,
    /// The person was invited within the last hour, and is invited again after this time.
    Invited {
        /// An hour after the last invitation.
        until: Timestamp,
    },
}

impl WaitReason {
    /// Returns when the person is looked at again; `None` if that is at night.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Self::Invited { until } => Some(until),
            Self::Taken | Self::FirstLink | Self::LostField | Self::InitialPassword => None,
        }
    }

    /// Returns the reason as the screen says it.
    pub fn sentence(self) -> String {
        let sentence = match self {
            Self::Taken => {
                "メールアドレスまたは従業員コードを他のユーザーが使用しているため、全員を確認する今夜の同期で反映します"
            }
            Self::FirstLink => {
                "同じメールアドレスまたは従業員コードのユーザーがすでにいるため、全員を確認する今夜の同期で紐付けます"
            }
            Self::LostField => {
                "メールアドレスまたは従業員コードがなくなる変更のため、全員を確認する今夜の同期で反映します"
            }
            Self::InitialPassword => "初期パスワードは毎日午前2時の同期でまとめて発行します",
            Self::Invited { until } => {
                let at = hour_and_minute(until);
                return format!("1時間以内に招待メールを送信したため、{at}以降に招待し直します");
            }
        };
        sentence.to_owned()
    }
}

/// Lets reported people wait who already have a user without a link, or would lose an address or code.
pub(crate) fn let_reported_wait(candidates: &mut [Candidate<'_>], input: &PlanInput<'_>) {
    if !input.scope.is_reported() {
        return;
    }
    for candidate in candidates {
        let Some(user) = candidate.user else {
            continue;
        };
        if user.crew_in(input.tenant) != Some(&candidate.employee.crew_id) {
            candidate.wait(WaitReason::FirstLink);
        } else if SmartHrField::any_is_lost_by(user, candidate.employee) {
            candidate.wait(WaitReason::LostField);
        }
    }
}

/// Lets people wait by day who would get an initial password, or a second invitation within an hour.
pub(crate) fn let_first_logins_wait(candidates: &mut [Candidate<'_>], input: &PlanInput<'_>) {
    if !input.scope.is_by_day() {
        return;
    }
    for candidate in candidates.iter_mut().filter(|it| !it.is_settled()) {
        let first_login = decide(candidate, input).and_then(|change| change.first_login());
        match first_login {
            Some(FirstLogin::InitialPassword) => candidate.wait(WaitReason::InitialPassword),
            Some(FirstLogin::Invitation) => {
                let until = candidate.user.and_then(an_hour_after_invitation);
                if let Some(until) = until.filter(|until| input.now < *until) {
                    candidate.wait(WaitReason::Invited { until });
                }
            }
            Some(FirstLogin::SingleSignOn) | None => {}
        }
    }
}

fn an_hour_after_invitation(user: &User) -> Option<Timestamp> {
    let invited_until = user.invitation.as_ref()?.expires_at;
    Some(later(
        invited_until,
        BETWEEN_IMMEDIATE_INVITATIONS - INVITATION_LIFE,
    ))
}

/// Returns everybody who waits: candidates, and those of `out_of_scope` who lost their address, which are taken out.
pub(crate) fn waiting<'a>(
    input: &PlanInput<'a>,
    candidates: &[Candidate<'a>],
    out_of_scope: &mut Vec<UserOutOfScope<'a>>,
) -> Vec<WaitingPerson<'a>> {
    let of_candidate = |candidate: &Candidate<'a>| {
        let Candidate { employee, user, .. } = *candidate;
        Some(WaitingPerson {
            employee,
            user,
            first_login: candidate.first_login_if_new(),
            wait_reason: candidate.wait_reason?,
        })
    };
    let mut waiting: Vec<_> = candidates.iter().filter_map(of_candidate).collect();
    if !input.scope.is_reported() {
        return waiting;
    }
    let lost_address = |it: &mut UserOutOfScope<'a>| {
        it.reason == OutOfScopeReason::NoEmail && it.user.email.is_some()
    };
    for UserOutOfScope { user, .. } in out_of_scope.extract_if(.., lost_address) {
        let crew = user.crew_in(input.tenant);
        let mut employees = input.employees.iter();
        let employee = employees.find(|employee| Some(&employee.crew_id) == crew);
        waiting.extend(employee.map(|employee| WaitingPerson {
            employee,
            user: Some(user),
            first_login: None,
            wait_reason: WaitReason::LostField,
        }));
    }
    waiting
}

/// Returns the users of reported crews that SmartHR does not have.
pub(crate) fn not_found<'a>(input: &PlanInput<'a>) -> Vec<&'a User> {
    let PlanScope::Reported { not_found } = input.scope else {
        return Vec::new();
    };
    let is_not_found = |user: &&User| {
        let crew = user.crew_in(input.tenant);
        crew.is_some_and(|crew| not_found.contains(crew))
    };
    input.users.iter().filter(is_not_found).collect()
}
