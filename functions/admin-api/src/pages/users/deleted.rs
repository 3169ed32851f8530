//! `GET /users/deleted`: users who were deleted within the last 30 days, and [復元する].

use accounts::restorable_until;
use accounts::roles::check_may_act_on;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use storage::deleted_users::DeletedUser;
use web::{Frame, Problem, ProblemPage, html_page};

use super::user::{NoticeQuery, address};
use super::{HERE, text};
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, AdminUser, ConfirmedForm, NoFields, SignedInUser};
use crate::input::Id;
use crate::pages::query::Lenient;
use domain::time::date_and_time;

#[derive(Template)]
#[template(path = "users_deleted.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    email: String,
    code: String,
    role: &'static str,
    deleted_at: String,
    until: String,
    may_restore: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let frame = admin.frame(HERE).with_notice(query.notice());
    page(&app, &admin, frame, StatusCode::OK).await
}

/// Restores a user and redirects to them, or shows the list again with the reason why they were not
/// restored.
pub(super) async fn restore(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ConfirmedForm(AdminForm { admin, .. }): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let accounts = app.accounts(&admin.signed_in);
    match accounts.restore(&admin.workspace, &id).await {
        Ok(_) => Ok(Redirect::to(&address(&id, "restored")).into_response()),
        Err(error) => {
            let problem = problem(error);
            let frame = admin.frame(HERE).with_error(&problem.detail);
            page(&app, &admin, frame, problem.status).await
        }
    }
}

async fn page(
    app: &App,
    admin: &SignedInUser,
    frame: Frame,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let row = |deleted: DeletedUser| Row {
        deleted_at: date_and_time(deleted.deleted_at),
        until: date_and_time(restorable_until(&deleted)),
        id: deleted.user.user_id.to_string(),
        email: text(deleted.user.email.as_ref()),
        code: text(deleted.user.code.as_ref()),
        role: deleted.user.role.label(),
        may_restore: check_may_act_on(&admin.signed_in.user, &deleted.user).is_ok(),
        name: deleted.user.name,
    };
    let deleted = app.accounts(&admin.signed_in).restorable().await?;
    let rows = deleted.into_iter().map(row).collect();
    Ok(html_page(status, &Page { frame, rows }))
}
