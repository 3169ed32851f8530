//! 許可 and 拒否 of the changes of admins' accounts that a run held.

use axum::Json;
use axum::extract::State;
use connection::DecisionError;
use domain::{AccountQuestion, Connection, Decision, Run, RunId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use super::run::unknown_run;
use crate::api::field_change::FieldChangeView;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::auth::require_system_administrator;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The answer to held changes of admins' accounts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountChangesAnswer {
    /// Ids of users whose change the run held.
    #[schema(min_items = 1, max_items = 50)]
    user_ids: Vec<String>,
    decision: Decision,
}

/// A change of an admin's account that waits for a システム管理者, or was answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct HeldAccountChangeView {
    pub(crate) user_id: String,
    /// 氏名
    pub(crate) name: String,
    /// What would change.
    pub(crate) fields: Vec<FieldChangeView>,
    /// The answer; `null` while it waits.
    pub(crate) decision: Option<Decision>,
}

/// Allows or refuses the changes of these admins' accounts that a run held. Only a システム管理者 answers, and
/// only about the newest run. The next run acts on it.
#[utoipa::path(
    post, path = "/api/v1/runs/{id}/held-account-changes", tag = "runs",
    operation_id = "answer_account_changes",
    params(("id" = Id, Path, description = "The run's id")),
    request_body = AccountChangesAnswer,
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn answer_account_changes(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Id(run_id): Id,
    Input(input): Input<AccountChangesAnswer>,
) -> Result<Json<Message>, Problem> {
    let people = answer(&app, &admin, run_id, input.user_ids, input.decision).await?;
    Ok(Message::new(match input.decision {
        Decision::Allow => format!("{people}名の変更を許可しました。次回の同期で変更されます。"),
        Decision::Refuse => {
            format!("{people}名の変更を拒否しました。ログイン情報は変更されません。")
        }
    }))
}

/// Stores the answer and returns the number of people that it applies to.
///
/// # Errors
/// The 403 for everybody but a システム管理者, the 404 for an unknown run, the 409 for a run that asks
/// about none of these users.
pub(crate) async fn answer(
    app: &App,
    admin: &SignedIn,
    run_id: String,
    user_ids: Vec<String>,
    decision: Decision,
) -> Result<usize, Problem> {
    require_system_administrator(admin)?;
    let user_ids: Vec<UserId> = user_ids.into_iter().map(UserId::new).collect();
    let (id, by) = (&admin.workspace_id, admin.author());
    let answered = app
        .connections
        .answer_account_changes(id, &RunId::new(run_id), &user_ids, decision, &by)
        .await;
    match answered {
        Ok(people) => Ok(people),
        Err(DecisionError::UnknownRun) => Err(unknown_run()),
        Err(DecisionError::NothingHeld) => Err(Problem::conflict(
            "nothing_held",
            "回答を待っている変更はありません。最新の同期の内容を確認してください。",
        )),
        Err(DecisionError::Store(error)) => Err(error.into()),
    }
}

/// Returns what the run asks about admins' accounts, with the answers so far. `connection` is the
/// connection if the run is the newest one, which alone accepts answers.
pub(crate) fn held_account_changes(
    run: &Run,
    connection: Option<&Connection>,
) -> Vec<HeldAccountChangeView> {
    let questions = run.held_account_changes.iter();
    questions
        .map(
            |AccountQuestion {
                 change,
                 name,
                 fields,
             }| HeldAccountChangeView {
                user_id: change.user_id.to_string(),
                name: name.clone(),
                fields: fields
                    .iter()
                    .map(|it| FieldChangeView {
                        field: it.field.clone(),
                        old: it.old.clone(),
                        new: it.new.clone(),
                    })
                    .collect(),
                decision: connection
                    .and_then(|connection| connection.answer_to(change))
                    .map(|answer| answer.decision),
            },
        )
        .collect()
}

/// Returns how many changes of how people sign in, which the run held, have no answer yet and still accept one.
pub(crate) fn open_questions(run: &Run, connection: Option<&Connection>) -> usize {
    let current = connection.filter(|connection| connection.is_established());
    current.map_or(0, |connection| {
        run.unanswered_account_changes(connection).count()
    })
}
