//! [初期パスワードのカードを印刷]: a page with a card for each person, to be printed, cut and handed out.

use accounts::IssuedPassword;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::AuditAction;
use domain::time::date_and_time;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use web::{Frame, Problem, ProblemPage, html_page, qr_code};

use super::super::HERE;
use super::open;
use crate::app::App;
use crate::auth::page::PageAdmin;
use crate::input::Id;
use crate::pages::query::Lenient;

/// The number of cards on a sheet of A4.
const ON_A_SHEET: usize = 8;
/// The number of cards on one page of the console.
const ON_A_PAGE: usize = 400;

#[derive(Template)]
#[template(path = "initial_password_cards.html")]
struct Page {
    frame: Frame,
    id: String,
    workspace_name: String,
    company_code: String,
    login_url: String,
    /// The login URL as an SVG element with the id `qr`, which every card shows.
    qr: String,
    sheets: Vec<Vec<Card>>,
    /// The number of people with a card, on all pages.
    people: usize,
    /// The number of people who got a password then and need none now.
    others: usize,
    kept_until: String,
    /// The number of this page, counted from 1, and of all pages.
    part: (usize, usize),
}

struct Card {
    name: String,
    employee_code: String,
    password: SecretString,
    valid_until: String,
}

impl From<&IssuedPassword> for Card {
    fn from(issued: &IssuedPassword) -> Self {
        Self {
            name: issued.name.clone(),
            employee_code: issued.employee_code.clone(),
            password: issued.password.clone(),
            valid_until: date_and_time(issued.valid_until),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    /// Which page, counted from 1.
    page: usize,
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    id: Result<Id, Problem>,
    Lenient(query): Lenient<Query>,
) -> Result<Response, ProblemPage> {
    let action = AuditAction::InitialPasswordCardsOpened;
    let (issue, passwords) = open(&app, &admin.signed_in, id, action).await?;
    let login_url = admin.workspace.login_url(&app.connections.public_base_url);
    let qr = qr_code(&login_url).ok_or_else(|| {
        tracing::error!("a login URL does not fit into a QR code");
        Problem::internal()
    })?;
    let pages = passwords.len().div_ceil(ON_A_PAGE).max(1);
    let page = query.page.clamp(1, pages);
    let cards = passwords.iter().map(Card::from);
    let cards = cards.skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE);
    let page = Page {
        frame: admin.frame(HERE),
        workspace_name: admin.workspace.name,
        company_code: admin.workspace.company_code,
        login_url,
        qr: qr.replacen("<svg ", "<svg id=\"qr\" ", 1),
        sheets: sheets(cards.collect()),
        people: passwords.len(),
        others: issue.people.saturating_sub(passwords.len()),
        kept_until: date_and_time(issue.kept_until),
        id: issue.issue_id,
        part: (page, pages),
    };
    Ok(html_page(StatusCode::OK, &page))
}

fn sheets(cards: Vec<Card>) -> Vec<Vec<Card>> {
    let mut sheets = Vec::new();
    let mut cards = cards.into_iter().peekable();
    while cards.peek().is_some() {
        sheets.push(cards.by_ref().take(ON_A_SHEET).collect());
    }
    sheets
}
