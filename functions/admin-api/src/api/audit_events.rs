//! 「操作履歴」: who changed what. Only a システム管理者 sees it, because it tells what each 管理者 did, and from
//! where.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::{AuditAction, AuditEvent, UserId, Who, WorkspaceId, is_plain_id};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::StoreError;
use storage::audit::AuditFilter;
use utoipa::{IntoParams, ToSchema};
use web::Problem;

use super::field_change::FieldChangeView;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::auth::require_system_administrator;
use crate::input::{Id, Params};
use crate::openapi::ProblemDocument;

/// The default number of events on one page.
pub(crate) const PAGE: u32 = 50;
/// The largest number of events on one page.
const LARGEST_PAGE: u32 = 100;
/// The name of somebody who is gone.
const GONE: &str = "削除されたユーザー";
/// The name of an operator.
const OPERATOR: &str = "サポート";

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/v1/audit-events", get(audit_events))
}

/// Which events.
#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditEventsQuery {
    /// Only events before this one: the last one of the page before.
    #[param(value_type = Option<Id>)]
    before: Option<String>,
    /// How many
    #[param(minimum = 1, maximum = 100, default = json!(50))]
    limit: Option<u32>,
    /// Only this action.
    action: Option<AuditAction>,
    /// Only what this user did, or what was done to them.
    #[param(value_type = Option<Id>)]
    person: Option<String>,
}

/// Who changed what, when, from where.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditEventView {
    pub(crate) id: String,
    /// RFC 3339
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// The user who did it; `null` for サポート.
    pub(crate) by_user_id: Option<String>,
    /// Whether the user is one of the parent company's workspace, who entered as 関連企業のユーザー.
    pub(crate) by_user_of_parent: bool,
    /// The name of who did it, as it is now.
    pub(crate) by_name: String,
    /// Where the request came from: an IPv4 address, or an IPv6 /64; `null` for サポート.
    pub(crate) network: Option<String>,
    pub(crate) action: AuditAction,
    /// The user whom it was done to.
    pub(crate) user_id: Option<String>,
    /// The name of the user whom it was done to, as it is now.
    pub(crate) user_name: Option<String>,
    /// The run that it was about.
    pub(crate) run_id: Option<String>,
    /// What changed. Of name, address and code only that they did.
    pub(crate) changes: Vec<FieldChangeView>,
}

/// A page of the audit trail.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditEventsPage {
    /// Newest first.
    pub(crate) events: Vec<AuditEventView>,
    /// For `before`, when there may be more.
    pub(crate) next: Option<String>,
}

/// Shows who changed what, newest first. It goes back 400 days. Only a システム管理者 sees it.
#[utoipa::path(
    get, path = "/api/v1/audit-events", tag = "audit",
    params(AuditEventsQuery),
    responses(
        (status = 200, body = AuditEventsPage),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn audit_events(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Params(query): Params<AuditEventsQuery>,
) -> Result<Json<AuditEventsPage>, Problem> {
    require_system_administrator(&admin)?;
    let limit = query.limit.unwrap_or(PAGE);
    let mut ids = query.before.iter().chain(&query.person);
    if !(1..=LARGEST_PAGE).contains(&limit) || !ids.all(|id| is_plain_id(id)) {
        return Err(Problem::bad_request(
            "bad_request",
            "limitは1から100まで、beforeとpersonはIDで指定してください。",
        ));
    }
    let filter = AuditFilter {
        action: query.action,
        person: query.person.map(UserId::new),
    };
    let (id, before) = (&admin.workspace_id, query.before.as_deref());
    let page = page(&app, id, &filter, before, limit).await?;
    Ok(Json(page))
}

/// Returns a page of at most `limit` events before the event `before`, with the names that people have
/// now.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn page(
    app: &App,
    workspace_id: &WorkspaceId,
    filter: &AuditFilter,
    before: Option<&str>,
    limit: u32,
) -> Result<AuditEventsPage, StoreError> {
    let store = app.store();
    let events = store.audit_events(workspace_id, filter, before, limit);
    let events = events.await?;
    let events = with_names(app, workspace_id, &events).await?;
    let last = events.last().filter(|_| events.len() == limit as usize);
    let next = last.map(|event| event.id.clone());
    Ok(AuditEventsPage { events, next })
}

/// Returns events with the names that people have now.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn with_names(
    app: &App,
    workspace_id: &WorkspaceId,
    events: &[AuditEvent],
) -> Result<Vec<AuditEventView>, StoreError> {
    let mut people: BTreeMap<&WorkspaceId, BTreeSet<&UserId>> = BTreeMap::new();
    for event in events {
        if let Who::User(user_id) = &event.who {
            let home = event.by_user_of.as_ref().unwrap_or(workspace_id);
            people.entry(home).or_default().insert(user_id);
        }
        let own = people.entry(workspace_id).or_default();
        own.extend(&event.user_id);
    }
    // Those of the parent company have shown who they are by entering.
    let mut names = Names::new();
    for (home, people) in people {
        let found = app.store().names_of_users(home, people).await?;
        names.insert(home, found);
    }
    let view = |event| view(event, workspace_id, &names);
    Ok(events.iter().map(view).collect())
}

/// The names of users, by their workspace.
type Names<'a> = BTreeMap<&'a WorkspaceId, BTreeMap<UserId, String>>;

fn view(event: &AuditEvent, workspace_id: &WorkspaceId, names: &Names<'_>) -> AuditEventView {
    let name = |of: &WorkspaceId, user_id: &UserId| {
        let name = names.get(of).and_then(|names| names.get(user_id));
        name.map_or(GONE, String::as_str).to_owned()
    };
    let (by_user_id, by_name) = match (&event.who, &event.by_user_of) {
        (Who::User(user_id), Some(home)) => {
            let name = name(home, user_id);
            (Some(user_id.to_string()), format!("{name}(親会社)"))
        }
        (Who::User(user_id), None) => (Some(user_id.to_string()), name(workspace_id, user_id)),
        (Who::Operator, _) => (None, OPERATOR.to_owned()),
    };
    let changes = event.changes.iter().map(|change| FieldChangeView {
        field: change.field.label().to_owned(),
        old: change.old.clone().unwrap_or_default(),
        new: change.new.clone().unwrap_or_default(),
    });
    AuditEventView {
        id: event.id(),
        at: event.at,
        by_user_id,
        by_user_of_parent: event.by_user_of.is_some(),
        by_name,
        network: event.network.clone(),
        action: event.action,
        user_id: event.user_id.as_ref().map(ToString::to_string),
        user_name: event.user_id.as_ref().map(|it| name(workspace_id, it)),
        run_id: event.run_id.as_ref().map(ToString::to_string),
        changes: changes.collect(),
    }
}
