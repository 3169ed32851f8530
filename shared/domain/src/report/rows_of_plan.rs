//! The rows of a plan: of what it changes, and of everybody else.

use super::action::added;
use super::field_change::differences;
use super::row::{row_of, row_of_user};
use super::{Action, FieldChange, Outcome, Row, action_of};
use crate::plan::{
    LinkedPerson, OutOfScopeReason, PersonWithHeldChange, UserOutOfScope, WaitingPerson,
};
use crate::{Change, Failure, FirstLogin, HeldAccountChange, Plan, User, Workspace};

/// The 原因 of somebody who is not in SmartHR any more.
pub const GONE_FROM_SMARTHR: &str = "SmartHRから削除されています";

/// The 原因 of the warning about somebody who left, and whom the workspace lists among the people of its parent
/// company.
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
        row.cause = format!("{}、管理者の許可を待っています", plan.held_because.label());
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

fn row_out_of_scope(UserOutOfScope { user, reason }: &UserOutOfScope<'_>) -> Row {
    let mut row = row_of_user(user);
    match reason {
        OutOfScopeReason::NoEmail => {
            row.cause = "同期対象ではありません(メールアドレスが登録されていません)".into();
        }
        OutOfScopeReason::NotChosen => {
            row.cause =
                "同期対象ではありません(SmartHRの項目「連携対象」が「連携する」ではありません)"
                    .into();
        }
        OutOfScopeReason::GoneFromSmartHr => row.cause = GONE_FROM_SMARTHR.into(),
        OutOfScopeReason::Lost(field) => {
            row.outcome = Outcome::Warning;
            row.cause = format!(
                "多くの従業員の{}が取得できなくなり、同期対象外になりました",
                field.label()
            );
            row.remedy = "SmartHRでKiteRaアプリの権限を確認してください。意図した変更の場合は、[ユーザー管理]で[SmartHRとの紐付けを解除]をクリックしてください".into();
        }
        OutOfScopeReason::OfFormerCompany => {
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
        wait_reason,
    } = person;
    let mut row = row_of(employee, *user, first_login.map_or(Action::Update, added));
    row.outcome = Outcome::Waiting;
    row.cause = wait_reason.sentence();
    row
}

fn row_not_found(user: &User) -> Row {
    let mut row = row_of_user(user);
    row.outcome = Outcome::Waiting;
    row.cause = "SmartHRから取得できないため、全員を確認する今夜の同期で確認します".into();
    row
}

/// Says in a row that a system administrator has to answer, and which changes wait.
fn wait_for_answer(row: &mut Row, user: &User, held: &HeldAccountChange) {
    row.outcome = Outcome::Held;
    row.cause = if user.role.may_manage_connection() {
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
