//! How far the sync of one person has come: read, matched, decided, written, mailed.

use axum::Json;
use axum::extract::State;
use domain::report::{Action, Outcome};
use domain::{CrewId, PersonProgress, UserId, WorkspaceId};
use serde::Serialize;
use utoipa::ToSchema;
use web::Problem;

use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The steps of the newest sync of one person; each is null until it was taken. All are null if nobody was synced by
/// that id within a day.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct EmployeeSyncView {
    /// SmartHRから読み取り; RFC 3339
    #[schema(format = DateTime)]
    read_at: Option<String>,
    /// Whether SmartHR has the person.
    found: Option<bool>,
    /// ユーザーと照合; RFC 3339
    #[schema(format = DateTime)]
    matched_at: Option<String>,
    /// The user; null if there is none.
    user_id: Option<String>,
    /// 内容を決定; RFC 3339
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// 処理, such as 更新; null if the person does not concern us.
    action: Option<&'static str>,
    /// 結果, such as 成功
    outcome: Option<&'static str>,
    /// 原因, or what the person waits for.
    cause: Option<String>,
    /// 書き込み; RFC 3339; null when nothing changes.
    #[schema(format = DateTime)]
    written_at: Option<String>,
    /// メールの送信を依頼; RFC 3339; null when there is no mail.
    #[schema(format = DateTime)]
    mailed_at: Option<String>,
    /// 完了; RFC 3339
    #[schema(format = DateTime)]
    ended_at: Option<String>,
}

impl From<PersonProgress> for EmployeeSyncView {
    fn from(progress: PersonProgress) -> Self {
        let (action, outcome) = progress.decision.unzip();
        Self {
            read_at: Some(progress.read_at.to_string()),
            found: Some(progress.is_found),
            matched_at: Some(progress.matched_at.to_string()),
            user_id: progress.user_id.as_ref().map(UserId::to_string),
            decided_at: Some(progress.decided_at.to_string()),
            action: action.map(Action::label),
            outcome: outcome.map(Outcome::label),
            cause: Some(progress.cause).filter(|cause| !cause.is_empty()),
            written_at: progress.written_at.map(|at| at.to_string()),
            mailed_at: progress.mailed_at.map(|at| at.to_string()),
            ended_at: progress.ended_at.map(|at| at.to_string()),
        }
    }
}

/// Shows how far 「この人を今すぐ同期」 has come.
#[utoipa::path(
    get, path = "/api/v1/employees/{id}/sync", tag = "runs",
    params(("id" = Id, Path, description = "The person's id in SmartHR")),
    responses(
        (status = 200, body = EmployeeSyncView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn employee_sync(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(id): Id,
) -> Result<Json<EmployeeSyncView>, Problem> {
    let progress = progress_of(&app, &admin.workspace_id, &CrewId::new(id)).await?;
    Ok(Json(
        progress.map(EmployeeSyncView::from).unwrap_or_default(),
    ))
}

/// Returns how far the newest sync of one person has come; `None` if there was none within a day.
///
/// # Errors
/// The 500 when DynamoDB does not answer.
pub(crate) async fn progress_of(
    app: &App,
    workspace_id: &WorkspaceId,
    crew_id: &CrewId,
) -> Result<Option<PersonProgress>, Problem> {
    let mut people = app.store().person_progress(workspace_id).await?;
    let found = people.iter().position(|it| it.crew_id == *crew_id);
    Ok(found.map(|index| people.swap_remove(index)))
}
