//! `GET /users/deleted`: people who were deleted within the last 30 days, and [復元する].

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use storage::deleted_users::DeletedUser;
use web::{Frame, Problem, ProblemPage, html_page};

use super::HERE;
use super::person::{Done, address};
use crate::app::App;
use crate::deleted_users::{restorable, restorable_until, restore_one};
use crate::input::Id;
use crate::pages::gate::{ManagerForm, ManagerVisit, NoFields, Visitor};
use crate::pages::japan_time::date_and_time;
use crate::pages::query::Lenient;
use crate::roles::check_may_act_on;

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
    ManagerVisit(visitor): ManagerVisit,
    Lenient(done): Lenient<Done>,
) -> Result<Response, ProblemPage> {
    let frame = visitor.frame(HERE).with_notice(done.notice());
    page(&app, &visitor, frame, StatusCode::OK).await
}

/// Restores somebody and shows them; or the list again with the reason.
pub(super) async fn restore(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ManagerForm { visitor, .. }: ManagerForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    match restore_one(&app, &visitor.signed_in, &id).await {
        Ok(_) => Ok(Redirect::to(&address(&id, "restored")).into_response()),
        Err(problem) => {
            let frame = visitor.frame(HERE).with_error(&problem.detail);
            page(&app, &visitor, frame, problem.status).await
        }
    }
}

async fn page(
    app: &App,
    visitor: &Visitor,
    frame: Frame,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let row = |deleted: DeletedUser| Row {
        deleted_at: date_and_time(deleted.deleted_at),
        until: date_and_time(restorable_until(&deleted)),
        id: deleted.user.user_id.to_string(),
        email: deleted
            .user
            .email
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        code: deleted
            .user
            .code
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        role: deleted.user.role.label(),
        may_restore: check_may_act_on(&visitor.signed_in.user, &deleted.user).is_ok(),
        name: deleted.user.name,
    };
    let deleted = restorable(app, visitor.workspace_id()).await?;
    let rows = deleted.into_iter().map(row).collect();
    Ok(html_page(status, &Page { frame, rows }))
}
