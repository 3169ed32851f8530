//! A person's row in the history and in the sync log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Action, FieldChange, Outcome};
use crate::{Counts, CrewId, Employee, User, UserId};

/// One person's line in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The person's id in SmartHR; `None` when the user is not linked to a person there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crew_id: Option<CrewId>,
    /// The user's id; `None` when there is none, or in a preview none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// 従業員コード as SmartHR has it; "" when there is none.
    pub code: String,
    /// 氏名: the name to show.
    pub name: String,
    /// メールアドレス as SmartHR has it; "" when there is none.
    pub email: String,
    /// 処理: what was to be done.
    pub action: Action,
    /// 結果: the outcome for the person.
    pub outcome: Outcome,
    /// 原因: why it failed or was held; "" when there is none.
    #[serde(default)]
    pub cause: String,
    /// 対処: what an admin can do about it; "" when there is none.
    #[serde(default)]
    pub remedy: String,
    /// 変更内容: the fields that change.
    #[serde(default)]
    pub changes: Vec<FieldChange>,
    /// Whether an initial password was issued, which the システム管理者 get in a CSV after the run.
    #[serde(default)]
    pub initial_password: bool,
    /// When it was written, in an immediate run, whose entry in the history lasts a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

impl Row {
    /// Returns a success of somebody of whom nothing but the name is known.
    fn of_success(name: String, action: Action) -> Self {
        Self {
            crew_id: None,
            user_id: None,
            code: String::new(),
            name,
            email: String::new(),
            action,
            outcome: Outcome::Success,
            cause: String::new(),
            remedy: String::new(),
            changes: Vec::new(),
            initial_password: false,
            at: None,
        }
    }
}

impl Counts {
    /// Counts people by what happened to them.
    pub fn of(rows: &[Row]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            let count = match (row.outcome, row.action) {
                (Outcome::Failure, _) => &mut counts.failed,
                (Outcome::Held, _) => &mut counts.held,
                (Outcome::Waiting, _) => &mut counts.waiting,
                (_, Action::Invite) => &mut counts.invited,
                (_, Action::Reinvite) => &mut counts.reinvited,
                (_, Action::Register) => &mut counts.registered,
                (_, Action::Update) => &mut counts.updated,
                (_, Action::Delete) => &mut counts.deleted,
                (_, Action::Unchanged) => &mut counts.unchanged,
                (_, Action::OutOfScope) => &mut counts.out_of_scope,
            };
            *count += 1;
        }
        counts
    }
}

/// Returns the row of a user whom no person in SmartHR stands for.
pub(super) fn row_of_user(user: &User) -> Row {
    let link = user.crew_link.as_ref();
    Row {
        crew_id: link.map(|link| link.crew_id.clone()),
        user_id: Some(user.user_id.clone()),
        code: text(user.code.as_ref()),
        email: text(user.email.as_ref()),
        ..Row::of_success(user.name.clone(), Action::OutOfScope)
    }
}

/// Returns the row of a person in SmartHR.
pub(super) fn row_of(employee: &Employee, user: Option<&User>, action: Action) -> Row {
    let name = employee.name.clone().unwrap_or_default();
    Row {
        crew_id: Some(employee.crew_id.clone()),
        user_id: user.map(|user| user.user_id.clone()),
        code: employee.code.clone().unwrap_or_default(),
        email: employee.email.clone().unwrap_or_default(),
        ..Row::of_success(name, action)
    }
}

/// Returns a value as it is shown; "" for none.
pub(super) fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
