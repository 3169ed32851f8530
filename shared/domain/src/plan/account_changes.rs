//! Account changes: what SmartHR would change about how a システム管理者 or 管理者 signs in is held until a
//! システム管理者 allows it, and so is the loss of an address or code that most people lose in one night.
//!
//! People who have no power in KiteRa edit SmartHR, and any 管理者 may connect a company of their own.
//! Without this rule both could have the link of a システム管理者 sent to an address of theirs. Names,
//! groups and a new link to the unchanged address are not held. Neither is retirement: somebody who
//! was dismissed must lose access at once, and a foreign company cannot retire users whose link to it
//! was never allowed.
//!
//! A permission that nobody used expires after 7 days, and an open question is mailed again after 7 days. When an
//! admin retires, the other システム管理者 are mailed, and the account can be restored.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::candidate::Candidate;
use crate::run_failure::SmartHrField;
use crate::time::later;
use crate::{
    CrewId, Decision, EmailAddress, EmployeeCode, LoginMethod, Plan, PlanInput, TenantId, User,
    UserId,
};

/// How long an answer is valid, and after how long an open question is mailed again: 7 days.
pub const ANSWER_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The most account changes that one run asks about, and the most answers that are stored: they share
/// an item of DynamoDB with thousands of [`DeletionDecisions`](crate::DeletionDecisions). A change
/// beyond them stays held, and is asked about once others are answered.
pub const MAX_ACCOUNT_CHANGES: usize = 50;

/// How SmartHR and the settings say that somebody should sign in. An answer is valid for
/// exactly this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountChange {
    /// The user whose account would change.
    pub user_id: UserId,
    /// The SmartHR company that says so.
    pub tenant_id: TenantId,
    /// The crew that the user would be linked to, or is.
    pub crew_id: CrewId,
    /// メールアドレス; `None` if the person has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// 従業員コード; `None` if the person has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<EmployeeCode>,
    /// 認証方法
    pub login_method: LoginMethod,
}

/// A システム管理者's answer to an account change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAnswer {
    /// The change that was allowed or refused.
    #[serde(flatten)]
    pub change: AccountChange,
    /// Whether the change may be made.
    pub decision: Decision,
    /// The システム管理者 who answered.
    pub by: UserId,
    /// The time of the answer. A permission expires after [`ANSWER_LIFE`], a refusal when SmartHR says
    /// something else.
    pub at: Timestamp,
}

/// An account change that a plan does not make, because nobody allowed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldAccountChange {
    /// The change.
    pub change: AccountChange,
    /// Whether the user is not linked to the crew yet, but has its address or code.
    pub is_new_link: bool,
    /// 氏名 in SmartHR, by which a システム管理者 recognises the record.
    pub employee_name: String,
    /// Whether a システム管理者 refused it; otherwise it waits for an answer.
    pub refused: bool,
}

impl AccountChange {
    /// Returns what SmartHR says about the account of the candidate's `user`.
    fn of(candidate: &Candidate<'_>, user: &User, tenant: &TenantId) -> Self {
        Self {
            user_id: user.user_id.clone(),
            tenant_id: tenant.clone(),
            crew_id: candidate.employee.crew_id.clone(),
            email: candidate.email.and_then(EmailAddress::parse),
            code: candidate.code.and_then(EmployeeCode::parse),
            login_method: candidate.login_method,
        }
    }

    /// Returns whether `user` signs in like this already.
    fn is_made(&self, user: &User) -> bool {
        user.crew_in(&self.tenant_id) == Some(&self.crew_id)
            && user.email == self.email
            && user.code == self.code
            && user.login_method == self.login_method
    }
}

/// Holds the account changes of システム管理者 and 管理者 that nobody allowed, and of everybody who would lose the
/// attribute `in_question`. A candidate who would be linked for the first time is taken out of `candidates` and
/// returned: the user keeps everything. One who is linked keeps address, code and login method, and is synced
/// otherwise.
pub(crate) fn hold_account_changes<'a>(
    candidates: &mut Vec<Candidate<'a>>,
    input: &PlanInput<'a>,
    in_question: Option<SmartHrField>,
) -> Vec<Candidate<'a>> {
    let hold = |candidate: &mut Candidate<'a>| {
        let user = candidate.user_to_sync();
        let needs_answer = |user: &&User| {
            user.role.may_manage_connection()
                || in_question.is_some_and(|field| field.is_lost_by(user, candidate.employee))
                || was_asked_about_loss(candidate, user, input)
        };
        let Some(admin) = user.filter(needs_answer) else {
            return false;
        };
        candidate.held_change = held_change(candidate, admin, input);
        let Some(held) = &candidate.held_change else {
            return false;
        };
        let is_new_link = held.is_new_link;
        if !is_new_link {
            candidate.keep_account_of(admin);
        }
        is_new_link
    };
    candidates.extract_if(.., hold).collect()
}

/// Returns whether a former night asked about an attribute that the user would lose: the others' answers do not answer
/// for this one.
fn was_asked_about_loss(candidate: &Candidate<'_>, user: &User, input: &PlanInput<'_>) -> bool {
    let of_user = |change: &AccountChange| change.user_id == user.user_id;
    SmartHrField::any_is_lost_by(user, candidate.employee)
        && (input
            .asked_account_changes
            .iter()
            .any(|it| of_user(&it.change))
            || input.account_answers.iter().any(|it| of_user(&it.change)))
}

/// Returns the change of `user` that is not allowed; `None` if there is none.
fn held_change(
    candidate: &Candidate<'_>,
    user: &User,
    input: &PlanInput<'_>,
) -> Option<HeldAccountChange> {
    let change = AccountChange::of(candidate, user, input.tenant);
    if change.is_made(user) {
        return None;
    }
    let answer = input.account_answers.iter().find(|it| it.change == change);
    let decision = answer
        .filter(|it| it.is_valid_at(input.now))
        .map(|it| it.decision);
    (decision != Some(Decision::Allow)).then(|| HeldAccountChange {
        is_new_link: user.crew_in(input.tenant) != Some(&change.crew_id),
        employee_name: candidate.employee.name.clone().unwrap_or_default(),
        refused: decision == Some(Decision::Refuse),
        change,
    })
}

impl AccountAnswer {
    fn is_valid_at(&self, now: Timestamp) -> bool {
        self.decision == Decision::Refuse || now < later(self.at, ANSWER_LIFE)
    }

    /// Returns the answers to remember after `plan` was applied: those to changes that are still held,
    /// and those about people who failed, unless they have expired. A permission that was used is
    /// dropped, so that it is not valid for a later change to the same.
    #[must_use]
    pub fn after(answers: &[Self], plan: &Plan<'_>, now: Timestamp) -> Vec<Self> {
        let is_needed = |answer: &&Self| {
            let user_id = &answer.change.user_id;
            plan.account_changes()
                .any(|held| held.change == answer.change)
                || !plan.looks_at(user_id)
                || plan
                    .failures
                    .iter()
                    .any(|failed| failed.user.is_some_and(|user| user.user_id == *user_id))
        };
        let valid = answers.iter().filter(|answer| answer.is_valid_at(now));
        valid.filter(is_needed).cloned().collect()
    }
}
