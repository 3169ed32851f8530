//! `GET /settings/smarthr/history/{run_id}`: the changes of a run, and what it held until an admin
//! answers.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::time::later;
use domain::{Decision, Mode, PASSWORDS_KEPT, Run, RunFailure, SmartHrField};
use jiff::Timestamp;
use web::{Frame, Problem, ProblemPage, html_page};

use super::PATH;
use super::held::HeldPeople;
use super::people::{People, PeopleForm};
use super::run_line::RunLine;
use super::waiting::WaitingQuery;
use super::who_acted::WhoActed;
use crate::api::runs::account_changes::{self, HeldAccountChangeView, held_account_changes};
use crate::api::runs::held_deletions::{HeldDeletions, held_deletions};
use crate::api::runs::run::{connection_for_answers, find};
use crate::api::single_sign_on::view as single_sign_on;
use crate::app::App;
use crate::auth::page::{ConfirmedForm, PageAdmin, PageUser, incomplete_form};
use crate::auth::require_system_administrator;
use crate::input::Id;
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;
use crate::pages::users::initial_passwords::IssueLine;
use crate::pages::wire_names::value_of;

#[derive(Template)]
#[template(path = "run.html")]
struct Page {
    frame: Frame,
    run: RunLine,
    held: HeldDeletions,
    held_people: HeldPeople,
    account_changes: Vec<HeldAccountChangeView>,
    /// How many more of them wait and are not listed.
    more_account_changes: usize,
    /// What most people suddenly lack in SmartHR, if that is why account changes are held.
    lost: Option<&'static str>,
    /// Whether the run is the newest one, which alone accepts answers.
    accepts_answers: bool,
    /// Whether the admin may answer about admins' accounts: a システム管理者.
    may_answer: bool,
    /// The initial passwords of the run, while they can be printed; `None` for who may not see them.
    issue: Option<IssueLine>,
    people: People,
    who_acted: WhoActed,
    /// The address at which people sign in by SSO.
    sso_address: String,
    /// The target path of the filter form.
    path: String,
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    run_id: Result<Id, Problem>,
    (Lenient(people), Lenient(notice), Lenient(waiting)): (
        Lenient<PeopleForm>,
        Lenient<NoticeQuery>,
        Lenient<WaitingQuery>,
    ),
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    let id = admin.workspace_id();
    let run = match find(&app, id, run_id.clone(), Mode::Apply).await {
        Ok(run) => run,
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            let now = app.now();
            let lease = app.store().seats_and_lease(id).await?;
            let other = lease.running(now).map(ToString::to_string);
            let heading = "開始を待っています";
            let page = waiting.page(&admin, (PATH, heading), other, &run_id, now);
            return page.ok_or(ProblemPage(problem));
        }
        Err(problem) => return Err(ProblemPage(problem)),
    };
    let connection = connection_for_answers(&app, id, &run).await?;
    let connection = connection.as_ref();
    let lease = app.store().seats_and_lease(id).await?;
    let frame = match connection {
        // The page shows what waits.
        Some(_) => admin.frame(PATH).without_banners(),
        None => admin.frame(PATH),
    };
    let people = People::of(&app, admin.connection_to_show(), &run, &people).await?;
    let page = Page {
        held_people: HeldPeople::of(&people.held, connection),
        frame: frame.with_notice(notice.notice()),
        people,
        who_acted: WhoActed::on(&app, id, &run).await?,
        issue: issue_of(&app, &admin, &run).await?,
        run: RunLine::of(&run, &lease, connection, app.now()),
        held: held_deletions(&run, connection),
        account_changes: held_account_changes(&run, connection),
        more_account_changes: run.more_account_changes,
        lost: run
            .failure
            .as_ref()
            .and_then(RunFailure::lost_field)
            .map(SmartHrField::label),
        accepts_answers: connection.is_some(),
        may_answer: require_system_administrator(&admin.signed_in).is_ok(),
        sso_address: single_sign_on::view(&app, &admin.workspace).sign_in_url,
        path: format!("{PATH}/{run_id}"),
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Returns the initial passwords of a run while they can be printed, for a システム管理者.
async fn issue_of(
    app: &App,
    admin: &PageUser,
    run: &Run,
) -> Result<Option<IssueLine>, ProblemPage> {
    let is_kept = |ended: Timestamp| app.now() < later(ended, PASSWORDS_KEPT);
    if require_system_administrator(&admin.signed_in).is_err()
        || !run.finished_at.is_some_and(is_kept)
    {
        return Ok(None);
    }
    let id = admin.workspace_id();
    let issue = app
        .store()
        .password_issue(id, run.run_id.as_str(), app.now());
    Ok(issue.await?.map(IssueLine::from))
}

/// Stores the answer about one account, or about all of them, and redirects to the run. A field of the form names each
/// user, and another is the clicked button.
pub(super) async fn answer_account_change(
    State(app): State<App>,
    run_id: Result<Id, Problem>,
    ConfirmedForm(form): ConfirmedForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    let path = format!("{PATH}/{run_id}");
    let named = |name: &'static str| form.fields.iter().filter(move |field| field.0 == name);
    let decision = named("decision").find_map(|field| value_of(&field.1));
    let decision = decision.ok_or_else(incomplete_form)?;
    let user_ids = named("user_id").map(|field| field.1.clone()).collect();
    let admin = &form.admin.signed_in;
    account_changes::answer(&app, admin, run_id, user_ids, decision).await?;
    let allowed = decision == Decision::Allow;
    Ok(Notice::AccountChange { allowed }.at(&path).into_response())
}
