//! `/users/import`: [CSVで招待]. A file is uploaded, its lines are shown, and [この内容で招待する] adds the people.

use accounts::{
    ImportProgress, LARGEST_FILE, MOST_IMPORTED, PersonToImport, TEMPLATE_HEADER, UserImport,
};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::text::{number, people as in_words};
use domain::{Group, SeatsInUse};
use web::{Frame, Problem, ProblemPage, html_page};

use super::HERE;
use crate::api::contract::seats;
use crate::api::users::import::{BadLineView, LARGEST_UPLOAD, deadline, import_problem};
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, ConfirmedForm, NoFields, PageAdmin, PageUser};
use crate::auth::upload::AdminUpload;
use crate::input::Id;

const PATH: &str = "/users/import";

/// Returns the routes of the pages and of the file to fill in.
pub(super) fn routes() -> Router<App> {
    let form = get(ask).post(upload);
    Router::new()
        .route(PATH, form.layer(DefaultBodyLimit::max(LARGEST_UPLOAD)))
        .route("/users/import/template", get(template))
        .route("/users/import/{id}", get(show).post(submit))
}

#[derive(Template)]
#[template(path = "users_import.html")]
struct UploadPage {
    frame: Frame,
    seats: SeatsInUse,
    groups: Vec<Group>,
    most: String,
    kilobytes: usize,
}

#[derive(Template)]
#[template(path = "users_import_preview.html")]
struct PreviewPage {
    frame: Frame,
    import_id: String,
    /// How many people are to be added, and how many lines are bad.
    people: String,
    bad: Vec<BadLineView>,
    by_mail: usize,
    by_code: usize,
    /// Whether anybody was handled yet.
    is_begun: bool,
    added: String,
    /// How many people are left; 0 when the import is finished.
    left: usize,
    refused: Vec<BadLineView>,
    rows: Vec<Row>,
}

/// Somebody who is to be added.
struct Row {
    line: u32,
    name: String,
    email: String,
    code: String,
    role: &'static str,
    groups: String,
}

impl Row {
    fn of(person: &PersonToImport, groups: &[Group]) -> Self {
        let groups = groups.iter().filter(|it| person.groups.contains(&it.id));
        let groups: Vec<&str> = groups.map(|group| group.name.as_str()).collect();
        Self {
            line: person.line,
            name: person.name.clone(),
            email: person.email.clone().unwrap_or_default(),
            code: person.employee_code.clone().unwrap_or_default(),
            role: person.role.label(),
            groups: groups.join("、"),
        }
    }
}

async fn ask(State(app): State<App>, PageAdmin(admin): PageAdmin) -> Result<Response, ProblemPage> {
    let frame = admin.frame(HERE);
    upload_page(&app, &admin, frame, StatusCode::OK).await
}

/// Returns the file that people fill in: the header, as Excel in Japan reads it.
async fn template(PageAdmin(_): PageAdmin) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"kitera-users.csv\"",
        ),
    ];
    let file = format!("\u{FEFF}{}\r\n", TEMPLATE_HEADER.join(","));
    (headers, file).into_response()
}

/// Checks the lines and leads to their preview, or shows the form again with the reason why the file cannot be read.
async fn upload(
    State(app): State<App>,
    AdminUpload { admin, file }: AdminUpload,
) -> Result<Response, ProblemPage> {
    let accounts = app.accounts(&admin.signed_in);
    match Box::pin(accounts.preview_import(&admin.workspace, &file)).await {
        Ok(import) => Ok(Redirect::to(&format!("{PATH}/{}", import.import_id)).into_response()),
        Err(error) => {
            let problem = import_problem(error);
            if problem.status.is_server_error() {
                return Err(ProblemPage(problem));
            }
            let frame = admin.frame(HERE).with_error(&problem.detail);
            upload_page(&app, &admin, frame, problem.status).await
        }
    }
}

async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    id: Result<Id, Problem>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let accounts = app.accounts(&admin.signed_in);
    let (import, progress) = accounts.find_import(&id).await.map_err(problem)?;
    let page = PreviewPage::of(&admin, &import, &progress);
    Ok(html_page(StatusCode::OK, &page))
}

/// Adds the people and leads back to the page, which says who was added.
async fn submit(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ConfirmedForm(AdminForm { admin, .. }): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let accounts = app.accounts(&admin.signed_in);
    let (import, progress) = accounts.find_import(&id).await.map_err(problem)?;
    let carried_out = accounts.carry_out_import(&admin.workspace, &import, progress, deadline());
    Box::pin(carried_out).await.map_err(problem)?;
    Ok(Redirect::to(&format!("{PATH}/{id}")).into_response())
}

async fn upload_page(
    app: &App,
    admin: &PageUser,
    frame: Frame,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let (seats, _) = seats(app, &admin.workspace).await?;
    let page = UploadPage {
        frame,
        seats,
        groups: admin.workspace.groups.clone(),
        most: number(MOST_IMPORTED),
        kilobytes: LARGEST_FILE / 1024,
    };
    Ok(html_page(status, &page))
}

impl PreviewPage {
    fn of(admin: &PageUser, import: &UserImport, progress: &ImportProgress) -> Self {
        let groups = &admin.workspace.groups;
        let by_code = import.by_code();
        Self {
            frame: admin.frame(HERE),
            import_id: import.import_id.clone(),
            people: in_words(import.people.len()),
            bad: import.bad.iter().map(BadLineView::of).collect(),
            by_mail: import.people.len() - by_code,
            by_code,
            is_begun: progress.handled > 0,
            added: in_words(progress.added()),
            left: import.left(progress),
            refused: progress.refused.iter().map(BadLineView::of).collect(),
            rows: import.people.iter().map(|it| Row::of(it, groups)).collect(),
        }
    }
}
