//! The page ワークスペース設定 → アカウントの棚卸し: the CSV of all accounts, and [確認済みにする].

mod csv;
mod employment;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::text::people;
use domain::time::japanese_date_and_time;
use web::{Frame, ProblemPage, html_page};

use self::csv::FILE_SIZE;
use crate::api::account_review::{last, review};
use crate::app::App;
use crate::auth::page::{AdminForm, NoFields, PageAdmin};
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;

/// The path of the page in the navigation.
const PATH: &str = "/settings/account-review";

/// Returns the routes of the page and of its file.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show).post(submit))
        .route("/settings/account-review/csv", get(csv::download))
}

#[derive(Template)]
#[template(path = "account_review.html")]
struct Page {
    frame: Frame,
    accounts: String,
    /// The number of files that the accounts are in.
    files: usize,
    /// When, by whom, and how many accounts; `None` if there was no review.
    last: Option<(String, String, String)>,
}

async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let roster = app.roster(admin.workspace_id()).await?;
    let last = last(&app, &admin.signed_in).await?;
    let accounts = roster.entries().len();
    let page = Page {
        frame: admin.frame(PATH).with_notice(query.notice()),
        accounts: people(accounts),
        files: accounts.div_ceil(FILE_SIZE),
        last: last.reviewed_at.map(|at| {
            let by = last.reviewed_by.unwrap_or_default();
            let accounts = last.accounts.unwrap_or_default();
            (japanese_date_and_time(at), by, accounts)
        }),
    };
    Ok(html_page(StatusCode::OK, &page))
}

async fn submit(
    State(app): State<App>,
    AdminForm { admin, .. }: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    review(&app, &admin.signed_in).await?;
    Ok(Notice::AccountsReviewed.at(PATH).into_response())
}
