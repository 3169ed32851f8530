//! What happened per person: the rows of the history and of the sync log.

mod category;
pub mod cause;

use serde::{Deserialize, Serialize};

use jiff::Timestamp;

use crate::plan::{LeftOut, LinkedPerson, PersonWithHeldChange, UserOutOfScope, WaitingPerson};
use crate::{
    AccountChange, Alteration, Change, Counts, CrewId, EmailAddress, Employee, EmployeeCode,
    Failure, FirstLogin, HeldAccountChange, LoginMethod, Plan, SyncedFields, User, UserId,
    Workspace,
};

pub use category::Category;

/// The 原因 of somebody who is not in SmartHR any more.
pub const GONE_FROM_SMARTHR: &str = "SmartHRから削除されています";

/// 処理
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = ActionWord, description = "処理 of a person: 招待, 再招待, 登録, 更新, 削除, 変更なし, 対象外")
)]
pub enum Action {
    /// 招待
    Invite,
    /// 再招待
    Reinvite,
    /// 登録
    Register,
    /// 更新
    Update,
    /// 削除
    Delete,
    /// 変更なし
    Unchanged,
    /// 対象外
    OutOfScope,
}

impl Action {
    /// Every action, in the order of the history's menu.
    pub const ALL: [Self; 7] = [
        Self::Invite,
        Self::Reinvite,
        Self::Register,
        Self::Update,
        Self::Delete,
        Self::Unchanged,
        Self::OutOfScope,
    ];

    /// Returns the word in the log.
    pub fn label(self) -> &'static str {
        match self {
            Self::Invite => "招待",
            Self::Reinvite => "再招待",
            Self::Register => "登録",
            Self::Update => "更新",
            Self::Delete => "削除",
            Self::Unchanged => "変更なし",
            Self::OutOfScope => "対象外",
        }
    }
}

/// 結果
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = OutcomeWord, description = "結果 of a person: 成功, 失敗, 保留, 警告, 反映待ち")
)]
pub enum Outcome {
    /// 成功
    Success,
    /// 失敗
    Failure,
    /// 保留: it waits for an admin's answer.
    Held,
    /// 警告: done, but somebody should look.
    Warning,
    /// 反映待ち: an immediate run leaves it to the night, or to the end of an hour.
    Waiting,
}

impl Outcome {
    /// Every outcome, in the order of the history's menu.
    pub const ALL: [Self; 5] = [
        Self::Success,
        Self::Failure,
        Self::Held,
        Self::Warning,
        Self::Waiting,
    ];

    /// Returns the word in the log.
    pub fn label(self) -> &'static str {
        match self {
            Self::Success => "成功",
            Self::Failure => "失敗",
            Self::Held => "保留",
            Self::Warning => "警告",
            Self::Waiting => "反映待ち",
        }
    }
}

/// The change of one field, in words of the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The label of the field, such as 氏名 or メールアドレス.
    pub field: String,
    /// The value before; "" when there was none.
    pub old: String,
    /// The value after; "" when there is none.
    pub new: String,
}

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

/// Returns what the log calls a change.
pub fn action_of(change: &Change<'_>) -> Action {
    match change {
        Change::Delete { .. } => Action::Delete,
        Change::Add { first_login, .. } => added(*first_login),
        Change::Alter { alteration, .. } => match alteration {
            Alteration::Reinvite => Action::Reinvite,
            Alteration::Register => Action::Register,
            Alteration::Update => Action::Update,
        },
    }
}

fn added(first_login: FirstLogin) -> Action {
    match first_login {
        FirstLogin::Invitation => Action::Invite,
        FirstLogin::InitialPassword | FirstLogin::SingleSignOn => Action::Register,
    }
}

/// The 原因 of the warning about somebody who left, and whom the workspace lists among the people of its parent company.
pub const STILL_ENTERS: &str = "「関連企業ワークスペースにアクセス可能なユーザー」に設定されているため、親会社経由でアクセスできます";

/// Returns the row of a change that was, or would be, made.
pub fn row_of_change(change: &Change<'_>, workspace: &Workspace) -> Row {
    let mut row = row_of(change.employee(), change.user(), action_of(change));
    row.initial_password = change.first_login() == Some(FirstLogin::InitialPassword);
    match change {
        Change::Alter {
            user, fields, held, ..
        } => {
            row.changes = differences(user, fields, workspace);
            if let Some(held) = held.as_deref().filter(|held| !held.refused) {
                wait_for_answer(&mut row, user, held);
            }
        }
        Change::Delete { user, .. } => {
            let still_enters = user
                .email
                .as_ref()
                .is_some_and(|email| workspace.related_company_user(email).is_some());
            if still_enters {
                row.outcome = Outcome::Warning;
                row.cause = STILL_ENTERS.into();
                row.remedy = "必要に応じて[関連企業管理]から「ユーザーを削除」してください".into();
            }
        }
        Change::Add { .. } => {}
    }
    row
}

/// Returns the rows of everybody whom the plan does not change.
pub fn rows_of_rest(plan: &Plan<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for failed in &plan.failures {
        let action = match (&failed.failure, failed.first_login) {
            (Failure::LastSystemAdministrator, _) => Action::Delete,
            (Failure::Internal, _) | (_, None) => Action::Update,
            (_, Some(first_login)) => added(first_login),
        };
        let mut row = row_of(failed.employee, failed.user, action);
        row.outcome = Outcome::Failure;
        row.cause = failed.failure.cause();
        row.remedy = failed.failure.remedy().into();
        rows.push(row);
    }
    rows.extend(plan.waiting.iter().map(row_of_waiting));
    rows.extend(plan.not_found.iter().map(|user| row_not_found(user)));
    for LinkedPerson { employee, user } in &plan.held {
        let mut row = row_of(employee, Some(user), Action::Delete);
        row.outcome = Outcome::Held;
        row.cause = format!("{}、管理者の許可を待っています", plan.held_because.words());
        row.remedy = "[ユーザー同期履歴]で内容を確認し、削除を許可または拒否してください".into();
        rows.push(row);
    }
    for PersonWithHeldChange {
        employee,
        user,
        held,
    } in &plan.held_account_changes
    {
        let mut row = row_of(employee, Some(user), Action::Update);
        if held.refused {
            row.action = if held.is_new_link {
                Action::OutOfScope
            } else {
                Action::Unchanged
            };
            row.cause = "システム管理者が、SmartHRによるログイン情報の変更を拒否しました".into();
        } else {
            wait_for_answer(&mut row, user, held);
        }
        rows.push(row);
    }
    for LinkedPerson { employee, user } in &plan.kept {
        let mut row = row_of(employee, Some(user), Action::OutOfScope);
        row.cause = "退職済みですが、管理者が削除を拒否しました".into();
        rows.push(row);
    }
    rows.extend(plan.out_of_scope.iter().map(row_out_of_scope));
    for LinkedPerson { employee, user } in &plan.unchanged {
        rows.push(row_of(employee, Some(user), Action::Unchanged));
    }
    rows
}

fn row_out_of_scope(UserOutOfScope { user, why }: &UserOutOfScope<'_>) -> Row {
    let mut row = row_of_user(user);
    match why {
        LeftOut::NoEmail => {
            row.cause = "同期対象ではありません(メールアドレスが登録されていません)".into();
        }
        LeftOut::NotChosen => {
            row.cause =
                "同期対象ではありません(SmartHRの項目「連携対象」が「連携する」ではありません)"
                    .into();
        }
        LeftOut::GoneFromSmartHr => row.cause = GONE_FROM_SMARTHR.into(),
        LeftOut::Lost(field) => {
            row.outcome = Outcome::Warning;
            row.cause = format!(
                "多くの従業員の{}が取得できなくなり、同期対象外になりました",
                field.label()
            );
            row.remedy = "SmartHRでKiteRaアプリの権限を確認してください。意図した変更の場合は、[ユーザー管理]で[SmartHRとの紐付けを解除]をクリックしてください".into();
        }
        LeftOut::OfFormerCompany => {
            row.crew_id = None;
            row.outcome = Outcome::Warning;
            row.cause = "以前に連携していた企業アカウントのユーザーで、現在の連携先に同じ方が見つかりません。引き続きログインできます".into();
            row.remedy = "在籍中の方は、SmartHRのメールアドレスまたは社員番号をKiteRaのユーザーに合わせてください。在籍していない方は、[ユーザー管理]から削除してください".into();
        }
    }
    row
}

fn row_of_waiting(person: &WaitingPerson<'_>) -> Row {
    let WaitingPerson {
        employee,
        user,
        first_login,
        why,
    } = person;
    let mut row = row_of(employee, *user, first_login.map_or(Action::Update, added));
    row.outcome = Outcome::Waiting;
    row.cause = why.words();
    row
}

fn row_not_found(user: &User) -> Row {
    let mut row = row_of_user(user);
    row.outcome = Outcome::Waiting;
    row.cause = "SmartHRから取得できないため、全員を確認する今夜の同期で確認します".into();
    row
}

/// Returns the row of a user whom no person in SmartHR stands for.
fn row_of_user(user: &User) -> Row {
    let link = user.crew_link.as_ref();
    Row {
        crew_id: link.map(|link| link.crew_id.clone()),
        user_id: Some(user.user_id.clone()),
        code: text(user.code.as_ref()),
        email: text(user.email.as_ref()),
        ..Row::of_success(user.name.clone(), Action::OutOfScope)
    }
}

fn row_of(employee: &Employee, user: Option<&User>, action: Action) -> Row {
    let name = employee.name.clone().unwrap_or_default();
    Row {
        crew_id: Some(employee.crew_id.clone()),
        user_id: user.map(|user| user.user_id.clone()),
        code: employee.code.clone().unwrap_or_default(),
        email: employee.email.clone().unwrap_or_default(),
        ..Row::of_success(name, action)
    }
}

/// Says in a row that a system administrator has to answer, and which changes wait.
fn wait_for_answer(row: &mut Row, user: &User, held: &HeldAccountChange) {
    row.outcome = Outcome::Held;
    row.cause = if user.role.may_manage_integration() {
        "管理者のログイン情報に関わる変更のため、システム管理者の承認を待っています".into()
    } else {
        "多くの従業員の値が取得できなくなったため、システム管理者の承認を待っています".into()
    };
    row.remedy = "[ユーザー同期履歴]で内容を確認し、変更を許可または拒否してください".into();
    row.changes
        .extend(held.fields(user).into_iter().map(|change| FieldChange {
            field: format!("{}(承認待ち)", change.field),
            ..change
        }));
}

impl HeldAccountChange {
    /// Returns what would change in the account of `user`, in words of the screen.
    pub fn fields(&self, user: &User) -> Vec<FieldChange> {
        let AccountChange {
            email,
            code,
            login_method,
            ..
        } = &self.change;
        let new_link = FieldChange {
            field: "SmartHRとの紐付け".into(),
            old: "なし".into(),
            new: self.employee_name.clone(),
        };
        let link = self.is_new_link.then_some(new_link);
        let account = changed([
            email_change(user, email.as_ref()),
            code_change(user, code.as_ref()),
            login_method_change(user, *login_method),
        ]);
        link.into_iter().chain(account).collect()
    }
}

/// The label of a field, and its value before and after.
type LabelledChange = (&'static str, String, String);

fn email_change(user: &User, new: Option<&EmailAddress>) -> LabelledChange {
    ("メールアドレス", text(user.email.as_ref()), text(new))
}

fn code_change(user: &User, new: Option<&EmployeeCode>) -> LabelledChange {
    ("従業員コード", text(user.code.as_ref()), text(new))
}

fn login_method_change(user: &User, new: LoginMethod) -> LabelledChange {
    let old = user.login_method.label();
    ("認証方法", old.into(), new.label().into())
}

/// Returns the fields whose values differ.
fn changed(fields: impl IntoIterator<Item = LabelledChange>) -> Vec<FieldChange> {
    let differing = fields.into_iter().filter(|(_, old, new)| old != new);
    differing
        .map(|(field, old, new)| FieldChange {
            field: field.into(),
            old,
            new,
        })
        .collect()
}

/// Returns what an alteration changes in the user list, old → new.
fn differences(user: &User, fields: &SyncedFields, workspace: &Workspace) -> Vec<FieldChange> {
    let SyncedFields {
        name,
        email,
        code,
        login_method,
        default_group,
    } = fields;
    let default_group_before = user
        .synced_group
        .as_ref()
        .filter(|synced| user.groups.contains(*synced));
    changed([
        ("氏名", user.name.clone(), name.clone()),
        email_change(user, email.as_ref()),
        code_change(user, code.as_ref()),
        login_method_change(user, *login_method),
        (
            "デフォルトグループ",
            default_group_before.map_or_else(String::new, |id| workspace.group_name(id)),
            workspace.group_name(default_group),
        ),
    ])
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
