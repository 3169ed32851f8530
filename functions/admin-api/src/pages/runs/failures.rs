//! `GET /settings/smarthr/failures`: who is not synced at present, since when and why. It is the newest run that looked
//! at everybody, so that who is mended is gone with the next run.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::report::Outcome;
use domain::time::date_and_time;
use domain::{Connection, Run};
use web::{Frame, ProblemPage, html_page};

use super::people::{People, PeopleForm};
use crate::app::App;
use crate::auth::page::PageAdmin;
use crate::pages::query::Lenient;

/// The path of the page in the navigation.
pub(in crate::pages) const PATH: &str = "/settings/smarthr/failures";
/// The number of runs among which the newest one that looked at everybody is searched: nights that failed as a whole,
/// and what admins started.
pub(in crate::pages) const LOOKED_THROUGH: i32 = 30;

#[derive(Template)]
#[template(path = "failures.html")]
struct Page {
    frame: Frame,
    /// The run that the page is about; `None` if there is none yet.
    run: Option<OfRun>,
    /// Whether single people can be synced now.
    may_sync: bool,
    /// The target path of the filter form.
    path: &'static str,
}

/// Who failed in a run.
struct OfRun {
    id: String,
    started: String,
    people: People,
}

/// Shows the page.
pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(form): Lenient<PeopleForm>,
) -> Result<Response, ProblemPage> {
    let runs = app.store().runs(admin.workspace_id(), None, LOOKED_THROUGH);
    let latest = runs.await?.into_iter().find(Run::looked_at_everybody);
    let run = match latest {
        None => None,
        Some(run) => {
            let mut people =
                People::of(&app, admin.connection_to_show(), &run, &form.of_failed()).await?;
            let failure = Outcome::Failure.label();
            people.causes.retain(|cause| cause.cause.outcome == failure);
            Some(OfRun {
                id: run.run_id.to_string(),
                started: date_and_time(run.started_at),
                people,
            })
        }
    };
    let page = Page {
        frame: admin.frame(PATH),
        run,
        may_sync: admin
            .connection_to_show()
            .is_some_and(Connection::syncs_at_night),
        path: PATH,
    };
    Ok(html_page(StatusCode::OK, &page))
}
