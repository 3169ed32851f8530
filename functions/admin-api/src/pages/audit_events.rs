//! `GET /settings/audit-events`: 操作履歴, newest first, and its CSV.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::time::{compact_date, date_and_time};
use domain::{AuditAction, AuditEvent, UserId, is_plain_id};
use mail::audit_trail_csv;
use serde::Deserialize;
use storage::audit::AuditFilter;
use url::form_urlencoded::Serializer;
use web::{Frame, Problem, ProblemPage, html_page};

use crate::api::audit_events::{AuditEventView, PAGE, page};
use crate::app::App;
use crate::auth::page::PageAdmin;
use crate::auth::require_system_administrator;
use crate::pages::query::Lenient;
use crate::pages::wire_names::{value_of, wire_name};

/// The path of the page in the navigation.
const PATH: &str = "/settings/audit-events";
/// The path of the CSV.
const CSV_PATH: &str = "/settings/audit-events/csv";
/// The most events in a CSV: the answer of a function has at most 6 MB.
const MOST_IN_CSV: u32 = 10_000;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show))
        .route(CSV_PATH, get(download))
}

/// The query of the page and of the CSV.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    /// The name of an action; empty for every action.
    action: String,
    /// The id of a user; empty for everybody.
    person: String,
    /// The id of an event; the page shows only events before it. Empty on the first page.
    before: String,
}

impl Query {
    fn filter(&self) -> AuditFilter {
        AuditFilter {
            action: value_of(&self.action),
            person: is_plain_id(&self.person).then(|| UserId::new(self.person.as_str())),
        }
    }

    /// Returns the address of `path` with this query.
    fn address(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [
            ("action", &self.action),
            ("person", &self.person),
            ("before", &self.before),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

#[derive(Template)]
#[template(path = "audit_events.html")]
struct Page {
    frame: Frame,
    actions: Vec<ActionOption>,
    person: String,
    rows: Vec<Row>,
    is_filtered: bool,
    csv: String,
    /// The address of the first page; `None` on that page.
    first: Option<String>,
    /// The address of the next page; `None` on the last page.
    next: Option<String>,
}

struct ActionOption {
    wire_name: String,
    label: &'static str,
    chosen: bool,
}

/// An event, as the page and the CSV show it.
struct Row {
    at: String,
    by_user_id: String,
    by_name: String,
    network: String,
    action: &'static str,
    user_id: String,
    user_name: String,
    run_id: String,
    changes: Vec<String>,
}

impl From<AuditEventView> for Row {
    fn from(event: AuditEventView) -> Self {
        let changes = event.changes.into_iter().map(|change| {
            let none = |text: String| {
                if text.is_empty() {
                    "(なし)".into()
                } else {
                    text
                }
            };
            match (change.old.is_empty(), change.new.is_empty()) {
                (true, true) => format!("{}を変更", change.field),
                _ => format!(
                    "{}: {} → {}",
                    change.field,
                    none(change.old),
                    none(change.new)
                ),
            }
        });
        Self {
            at: date_and_time(event.at),
            by_user_id: event.by_user_id.unwrap_or_default(),
            by_name: event.by_name,
            network: event.network.unwrap_or_default(),
            action: event.action.label(),
            user_id: event.user_id.unwrap_or_default(),
            user_name: event.user_name.unwrap_or_default(),
            run_id: event.run_id.unwrap_or_default(),
            changes: changes.collect(),
        }
    }
}

async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<Query>,
) -> Result<Response, ProblemPage> {
    require_system_administrator(&admin.signed_in)?;
    let filter = query.filter();
    let before = Some(query.before.as_str()).filter(|before| is_plain_id(before));
    let shown = page(&app, admin.workspace_id(), &filter, before, PAGE).await?;
    let at = |before: &str| Query {
        before: before.to_owned(),
        ..query.clone()
    };
    let option = |action: &AuditAction| ActionOption {
        wire_name: wire_name(action),
        label: action.label(),
        chosen: filter.action == Some(*action),
    };
    let page = Page {
        frame: admin.frame(PATH),
        actions: AuditAction::ALL.iter().map(option).collect(),
        is_filtered: filter.action.is_some() || filter.person.is_some(),
        csv: at("").address(CSV_PATH),
        first: before.map(|_| at("").address(PATH)),
        next: shown.next.map(|next| at(&next).address(PATH)),
        rows: shown.events.into_iter().map(Row::from).collect(),
        person: query.person,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// [CSVをダウンロード]: the newest events that the filter matches. The audit trail says who downloads it.
async fn download(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<Query>,
) -> Result<Response, ProblemPage> {
    let signed_in = &admin.signed_in;
    require_system_administrator(signed_in)?;
    let (id, now) = (admin.workspace_id(), app.now());
    let event = AuditEvent::new(&signed_in.author(), AuditAction::AuditTrailDownloaded, now);
    app.store().record_audit_event(id, &event).await?;
    let newest = page(&app, id, &query.filter(), None, MOST_IN_CSV).await?;
    let rows = newest.events.into_iter().map(|event| {
        let row = Row::from(event);
        let changes = row.changes.join(" / ");
        [
            row.at,
            row.by_name,
            row.network,
            row.action.into(),
            row.user_name,
            row.run_id,
            changes,
        ]
    });
    let file = audit_trail_csv(rows).map_err(|error| {
        tracing::error!(%error, "the audit trail was not written as CSV");
        Problem::internal()
    })?;
    let name = format!(
        "attachment; filename=\"audit-trail-{}.csv\"",
        compact_date(now)
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file).into_response())
}
