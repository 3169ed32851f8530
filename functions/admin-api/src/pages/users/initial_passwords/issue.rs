//! [初期パスワードを再発行] in the list of users: a page that asks, and the issue.

use accounts::roles::check_may_act_on;
use accounts::{MOST_PASSWORDS, check_needs_initial_password};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::User;
use jiff::{SignedDuration, Timestamp};
use web::{Frame, Problem, ProblemPage, html_page};

use super::super::HERE;
use super::super::invitations::{Chosen, nobody_chosen, respond};
use super::super::list::{BulkMail, ListQuery, found};
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, ConfirmedForm, PageUser};
use crate::idempotency::Attempt;

/// How long the page that asks can be answered.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(1);

#[derive(Template)]
#[template(path = "initial_passwords_confirm.html")]
struct Page {
    frame: Frame,
    people: Vec<User>,
    /// Whether there are more people than can be issued passwords at once.
    is_cut: bool,
    most: usize,
    /// The time of the question: an answer that is sent twice issues once.
    asked_at: i64,
    query: ListQuery,
}

/// Asks whether to issue initial passwords to the chosen people, or to everybody whom the filter finds.
pub(super) async fn ask(
    State(app): State<App>,
    ConfirmedForm(AdminForm { admin, fields }): ConfirmedForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Chosen {
        query,
        user_ids,
        everybody,
    } = Chosen::of(fields);
    let mut people = people(&app, &admin, &query).await?;
    if !everybody {
        people.retain(|user| user_ids.iter().any(|id| id == user.user_id.as_str()));
    }
    if people.is_empty() {
        return nobody_chosen(&app, &admin, query, "初期パスワードを再発行する").await;
    }
    let is_cut = people.len() > MOST_PASSWORDS;
    people.truncate(MOST_PASSWORDS);
    let page = Page {
        frame: admin.frame(HERE),
        people,
        is_cut,
        most: MOST_PASSWORDS,
        asked_at: app.now().as_microsecond(),
        query,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Returns the users whom the filter finds and whom the admin may issue an initial password.
async fn people(app: &App, admin: &PageUser, query: &ListQuery) -> Result<Vec<User>, Problem> {
    let id = admin.workspace_id();
    let (roster, connection) = (app.roster(id).await?, admin.connection()?);
    let may_issue = |user: &&User| {
        check_needs_initial_password(user).is_ok()
            && check_may_act_on(&admin.signed_in.user, user).is_ok()
    };
    let found = found(&roster, query, connection, app.now()).into_iter();
    Ok(found
        .map(|it| &it.user)
        .filter(may_issue)
        .cloned()
        .collect())
}

/// Issues them, and shows the list again with the reasons for those who got none.
pub(super) async fn submit(
    State(app): State<App>,
    ConfirmedForm(AdminForm { admin, fields }): ConfirmedForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let asked_at = fields.iter().find(|(name, _)| name == "asked_at");
    let asked_at = asked_at.and_then(|(_, at)| Timestamp::from_microsecond(at.parse().ok()?).ok());
    let is_open =
        |at: &Timestamp| (SignedDuration::ZERO..ASKED_FOR).contains(&app.now().duration_since(*at));
    let Some(first_at) = asked_at.filter(is_open) else {
        return Err(ProblemPage(Problem::bad_request(
            "invalid_request",
            "確認画面を開いてから時間が経過したため、発行していません。ユーザー管理から、もう一度お試しください。",
        )));
    };
    let Chosen {
        query, user_ids, ..
    } = Chosen::of(fields);
    let attempt = Attempt {
        first_at,
        is_repetition: true,
    };
    let accounts = app.accounts_for(&admin.signed_in, attempt);
    let result = accounts
        .issue_initial_passwords(user_ids)
        .await
        .map_err(problem)?;
    respond(&app, &admin, query, BulkMail::InitialPassword, Ok(result)).await
}
