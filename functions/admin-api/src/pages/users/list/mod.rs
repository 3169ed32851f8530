//! `GET /users`: the workspace's users, 50 per page, and their CSV.

mod bulk_mail;
mod chips;
mod csv;
mod page_numbers;
mod query;
mod row;

use accounts::{Direction, NotMailed, Roster, RosterEntry, UserColumn};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::text::{number, people as number_of_people};
use domain::{Connection, Status};
use jiff::Timestamp;
use web::{Frame, Problem, ProblemPage, html_page};

pub(super) use bulk_mail::BulkMail;
pub(super) use csv::download;
pub(super) use page_numbers::{PageLink, PageNumbers};
pub(super) use query::ListQuery;

use self::chips::ChipGroup;
use self::row::Row;
pub(in crate::pages) use self::row::Rows;
use super::HERE;
use crate::api::users::list::PAGE;
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{PageAdmin, PageUser};
use crate::input::Params;

/// What is said when somebody was registered by employee code.
const REGISTERED: &str = "ユーザーを登録し、初期パスワードをシステム管理者にメールで送信しました。";

/// The path of the CSV.
const CSV_PATH: &str = "/users/csv";

#[derive(Template)]
#[template(path = "users.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a button that is there or not"
)]
struct Page {
    frame: Frame,
    query: ListQuery,
    /// `2,946名 / 5,000名`: the users, and how many of them the plan allows.
    seats: String,
    chips: [ChipGroup; 4],
    columns: [Column; 4],
    rows: Vec<Row>,
    /// How many people the filter shows, on all pages.
    found: String,
    /// The name of the group whose members are shown; `None` if they are of any group.
    group: Option<String>,
    /// The address of the list of everybody; `None` if everybody is shown.
    unfiltered: Option<String>,
    numbers: Vec<PageLink>,
    csv: String,
    /// Whether any listed user can be invited again.
    may_invite: bool,
    /// Whether the invitation mails are paused.
    paused: bool,
    /// Whether any listed user can be sent a link to choose a new password.
    may_reset: bool,
    /// Whether any listed user can be issued an initial password.
    may_issue: bool,
    refused: Vec<Refused>,
}

/// The head of a column that the list can be sorted by.
struct Column {
    label: &'static str,
    /// The value of `aria-sort`.
    sorted: &'static str,
    /// The address of the list, sorted by it, or the other way.
    address: String,
}

impl Column {
    fn of(column: UserColumn, label: &'static str, query: &ListQuery) -> Self {
        let sorted = match query.direction() {
            _ if query.column() != column => "none",
            Direction::Ascending => "ascending",
            Direction::Descending => "descending",
        };
        Self {
            label,
            sorted,
            address: query.sorted_by(column).at(HERE),
        }
    }
}

struct Refused {
    name: String,
    reason: String,
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    query: Result<Params<ListQuery>, Problem>,
) -> Result<Response, ProblemPage> {
    let Params(query) = query?;
    let notice = |kind: BulkMail, people: Option<usize>| people.map(|people| kind.notice(people));
    let notice = notice(BulkMail::Invitation, query.invited)
        .or(notice(BulkMail::PasswordReset, query.reset))
        .or(notice(BulkMail::InitialPassword, query.issued))
        .or(query.added.map(|added| BulkMail::Invitation.notice(added)))
        .or(query.registered.map(|_| REGISTERED.to_owned()));
    let frame = admin.frame(HERE).with_notice(notice);
    page(&app, &admin, frame, query, Vec::new()).await
}

/// Shows the list with the reasons why people could not be mailed.
pub(super) async fn page(
    app: &App,
    admin: &PageUser,
    frame: Frame,
    query: ListQuery,
    refused: Vec<NotMailed>,
) -> Result<Response, ProblemPage> {
    let (id, now) = (admin.workspace_id(), app.now());
    let (roster, pause) = tokio::try_join!(app.roster(id), app.store().invitation_pause(id))?;
    let connection = admin.connection_to_show();
    let found = found(&roster, &query, connection, now);
    let numbers = PageNumbers::of(found.len(), PAGE, query.page());
    let workspace = &admin.workspace;
    let rows = Rows::new(&admin.signed_in.user, workspace, connection, now);
    let rows: Vec<Row> = found[numbers.rows()]
        .iter()
        .map(|it| rows.row(it))
        .collect();
    let filter = query.filter();
    let counts = roster.counts(&filter, connection, now);
    let page = Page {
        frame,
        seats: format!(
            "{} / {}",
            number_of_people(roster.seats_taken()),
            number_of_people(workspace.seats as usize)
        ),
        chips: ChipGroup::all(&query, &counts),
        columns: [
            Column::of(UserColumn::Code, "従業員コード", &query),
            Column::of(UserColumn::Name, "氏名", &query),
            Column::of(UserColumn::State, "状態", &query),
            Column::of(UserColumn::LastSignIn, "最終ログイン", &query),
        ],
        found: number(found.len()),
        group: filter.group.as_ref().map(|id| {
            let group = workspace.group(id);
            group.map_or_else(|| "不明なグループ".to_owned(), |it| it.name.clone())
        }),
        unfiltered: filter.is_narrow().then(|| query.of_everybody().at(HERE)),
        numbers: numbers.links(|page| query.clone().with("page", page.to_string()).at(HERE)),
        csv: query.clone().with("page", String::new()).at(CSV_PATH),
        may_invite: rows.iter().any(|row| row.may_invite),
        paused: pause.is_some(),
        may_reset: rows.iter().any(|row| row.may_reset),
        may_issue: rows.iter().any(|row| row.may_issue),
        refused: refused
            .into_iter()
            .map(|it| refused_line(&roster, it))
            .collect(),
        rows,
        query,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Returns the users whom the query asks for, in its order.
pub(super) fn found<'a>(
    roster: &'a Roster,
    query: &ListQuery,
    connection: Option<&Connection>,
    now: Timestamp,
) -> Vec<&'a RosterEntry> {
    let mut found = roster.found(&query.filter(), connection, now);
    query.column().sort(&mut found, query.direction(), now);
    found
}

fn refused_line(roster: &Roster, refused: NotMailed) -> Refused {
    let mut entries = roster.entries().iter();
    let entry = entries.find(|entry| entry.user.user_id.as_str() == refused.user_id);
    let name = entry.map_or("不明なユーザー", |entry| &entry.user.name);
    Refused {
        name: name.to_owned(),
        reason: problem(refused.reason).detail,
    }
}

/// Returns the label of a status: 招待中 or 有効.
pub(super) fn status_label(status: Status) -> &'static str {
    match status {
        Status::Invited => "招待中",
        Status::Active => "有効",
    }
}
