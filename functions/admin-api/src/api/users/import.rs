//! CSVで招待: adds people who are not in SmartHR from a file, in two steps: a preview, and what the preview showed.

use std::time::Duration;

use accounts::{BadLine, FileError, ImportError, ImportProgress, LARGEST_FILE, UserImport};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::ToSchema;
use web::{Input, Problem};

use super::problem::problem;
use crate::app::App;
use crate::auth::api::{AdminUser, ConfirmedAdmin};
use crate::idempotency::Attempt;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The largest body with a file, in bytes: JSON writes some characters with two.
pub(crate) const LARGEST_UPLOAD: usize = 2 * LARGEST_FILE;

/// How long one request adds people. A thousand take about five seconds; the rest is for a table that throttles.
const PATIENCE: Duration = Duration::from_secs(8);

pub(super) fn routes() -> Router<App> {
    let upload = post(preview_user_import).layer(DefaultBodyLimit::max(LARGEST_UPLOAD));
    Router::new().route("/api/v1/user-imports", upload).route(
        "/api/v1/user-imports/{id}",
        get(user_import).post(carry_out_user_import),
    )
}

/// A CSV file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportFile {
    /// The text of the file: a header with メールアドレス or 社員番号, and 氏名, 役割 and グループ, in any order; a
    /// line for each person, at most 1,000. Several groups have `;` between them.
    #[schema(max_length = 262_144)]
    csv: String,
}

/// A line whose person is not added.
#[derive(Serialize, ToSchema)]
#[schema(as = BadImportLine)]
pub(crate) struct BadLineView {
    /// The number of the line, from 1; the header is a line
    pub(crate) line: u32,
    /// The address, code or name of the line
    pub(crate) person: String,
    /// What is wrong, for the person who asked
    pub(crate) problem: String,
    /// What to do about it
    pub(crate) remedy: &'static str,
}

impl BadLineView {
    pub(crate) fn of(bad: &BadLine) -> Self {
        Self {
            line: bad.line,
            person: bad.person.clone(),
            problem: bad.problem.sentence(),
            remedy: bad.problem.remedy(),
        }
    }
}

/// An import, and how far it has come.
#[derive(Serialize, ToSchema)]
#[schema(as = UserImport)]
pub(crate) struct ImportView {
    id: String,
    /// How many people are to be added
    people: usize,
    /// How many of these have no address and get an initial password
    by_code: usize,
    /// The lines whose people are not added
    bad_lines: Vec<BadLineView>,
    /// How many people were added so far
    added: usize,
    /// How many people are left
    left: usize,
    /// Who was to be added and could not be any more
    refused: Vec<BadLineView>,
}

impl ImportView {
    fn of((import, progress): &(UserImport, ImportProgress)) -> Self {
        Self {
            id: import.import_id.clone(),
            people: import.people.len(),
            by_code: import.by_code(),
            bad_lines: import.bad.iter().map(BadLineView::of).collect(),
            added: progress.added(),
            left: import.left(progress),
            refused: progress.refused.iter().map(BadLineView::of).collect(),
        }
    }
}

/// Checks each line of a file, and adds nobody. The answer says who would be added and what is wrong with the other
/// lines. The import can be carried out for an hour.
#[utoipa::path(
    post, path = "/api/v1/user-imports", tag = "users",
    request_body = ImportFile,
    responses(
        (status = 201, body = ImportView),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, body = ProblemDocument, content_type = "application/problem+json",
            description = "The file is larger than 256 KiB, or the body larger than 512 KiB"),
    )
)]
pub(crate) async fn preview_user_import(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Input(file): Input<ImportFile>,
) -> Result<(StatusCode, Json<ImportView>), Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let accounts = app.accounts(&admin);
    let import = Box::pin(accounts.preview_import(&workspace, file.csv.as_bytes())).await;
    let import = import.map_err(import_problem)?;
    let view = ImportView::of(&(import, ImportProgress::default()));
    Ok((StatusCode::CREATED, Json(view)))
}

/// Tells what the preview of an import found, and how far the import has come.
#[utoipa::path(
    get, path = "/api/v1/user-imports/{id}", tag = "users",
    params(("id" = Id, Path, description = "The import's id")),
    responses(
        (status = 200, body = ImportView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn user_import(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(import_id): Id,
) -> Result<Json<ImportView>, Problem> {
    let accounts = app.accounts(&admin);
    let found = accounts.find_import(&import_id).await.map_err(problem)?;
    Ok(Json(ImportView::of(&found)))
}

/// Adds the people of an import: those with an address are invited for 72 hours, those without one get an initial
/// password, which is mailed to every システム管理者 with an address. Ask again while `left` is not 0; nobody is added
/// twice.
#[utoipa::path(
    post, path = "/api/v1/user-imports/{id}", tag = "users",
    params(("id" = Id, Path, description = "The import's id")),
    responses(
        (status = 200, body = ImportView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn carry_out_user_import(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Id(import_id): Id,
) -> Result<Json<ImportView>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let accounts = app.accounts_for(&admin, Attempt::first(&app));
    let (import, progress) = accounts.find_import(&import_id).await.map_err(problem)?;
    let carried_out = accounts.carry_out_import(&workspace, &import, progress, deadline());
    let progress = Box::pin(carried_out).await.map_err(problem)?;
    Ok(Json(ImportView::of(&(import, progress))))
}

/// Returns the time at which a request that begins now stops adding people.
pub(crate) fn deadline() -> Instant {
    Instant::now() + PATIENCE
}

/// Returns the problem document for an error.
pub(crate) fn import_problem(error: ImportError) -> Problem {
    match error {
        ImportError::File(error @ FileError::TooLarge) => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            error.to_string(),
        ),
        ImportError::File(error) => Problem::bad_request("invalid_file", error.to_string()),
        ImportError::Account(error) => problem(error),
    }
}
