//! 許可 and 拒否 of the deletions that a run held.

use axum::Json;
use axum::extract::State;
use connection::DecisionError;
use domain::text::people;
use domain::{Connection, Decision, Run, RunId, UserId};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use super::run::unknown_run;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The answer to held deletions.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeldAnswer {
    /// Ids of users whose deletion the run held; absent for all of them.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 500)]
    user_ids: Option<Vec<String>>,
    decision: Decision,
}

/// Allows or refuses the deletions that a run held, of all or of some people. The next run acts on it.
#[utoipa::path(
    post, path = "/api/v1/runs/{id}/held-deletions", tag = "runs",
    operation_id = "decide_held",
    params(("id" = Id, Path, description = "The run's id")),
    request_body = HeldAnswer,
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn decide_held_deletions(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Id(run_id): Id,
    Input(input): Input<HeldAnswer>,
) -> Result<Json<Message>, Problem> {
    let people = people(decide(&app, &admin, run_id, input.user_ids, input.decision).await?);
    Ok(Message::new(match input.decision {
        Decision::Allow => format!("{people}の削除を許可しました。次回の同期で削除されます。"),
        Decision::Refuse => format!("{people}の削除を拒否しました。ユーザーは削除されません。"),
    }))
}

/// Stores the decision about held deletions and returns the number of people that it applies to.
///
/// # Errors
/// The 404 for an unknown run, the 409 for a run that held nothing.
pub(crate) async fn decide(
    app: &App,
    admin: &SignedIn,
    run_id: String,
    user_ids: Option<Vec<String>>,
    decision: Decision,
) -> Result<usize, Problem> {
    let user_ids = user_ids.map(|ids| ids.into_iter().map(UserId::new).collect::<Vec<_>>());
    let decided = app
        .connections
        .decide_held_deletions(
            &admin.workspace_id,
            &RunId::new(run_id),
            user_ids.as_deref(),
            decision,
            &admin.author(),
        )
        .await;
    match decided {
        Ok(people) => Ok(people),
        Err(DecisionError::UnknownRun) => Err(unknown_run()),
        Err(DecisionError::NothingHeld) => Err(nothing_held()),
        Err(DecisionError::Store(error)) => Err(error.into()),
    }
}

/// Returns the 409 for a run that holds nobody whom an answer is about.
pub(crate) fn nothing_held() -> Problem {
    Problem::conflict(
        "nothing_held",
        "回答を待っている削除はありません。最新の同期の内容を確認してください。",
    )
}

/// The decision about the deletions that a run held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeldDeletions {
    /// No admin has decided yet.
    Unanswered,
    /// 許可: the next run deletes these users.
    Allowed,
    /// 拒否: these users stay.
    Refused,
    /// 許可 for some, 拒否 for others.
    Mixed,
    /// A newer run has superseded this one; only the newest run accepts a decision.
    Superseded,
}

/// Returns the decision about the deletions that `run` held. `connection` is the one that accepts
/// decisions about this run, if any.
pub(crate) fn held_deletions(run: &Run, connection: Option<&Connection>) -> HeldDeletions {
    let Some(connection) = connection else {
        return HeldDeletions::Superseded;
    };
    if has_unanswered(run, Some(connection)) {
        return HeldDeletions::Unanswered;
    }
    let answers = &connection.decisions;
    let is_refused = |user: &UserId| answers.answer_to(user) == Some(Decision::Refuse);
    let refused = run.held.iter().filter(|user| is_refused(user)).count();
    match refused {
        0 => HeldDeletions::Allowed,
        _ if refused == run.held.len() => HeldDeletions::Refused,
        _ => HeldDeletions::Mixed,
    }
}

/// Returns whether a deletion that the run held has no decision yet and still accepts one.
pub(crate) fn has_unanswered(run: &Run, connection: Option<&Connection>) -> bool {
    unanswered(run, connection) > 0
}

/// Returns how many deletions that the run held have no decision yet and still accept one.
pub(crate) fn unanswered(run: &Run, connection: Option<&Connection>) -> usize {
    let current = connection.filter(|connection| connection.is_established());
    current.map_or(0, |connection| run.unanswered_deletions(connection))
}
