//! 棚卸し: an admin looks through all accounts and confirms it.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::text::people;
use domain::{AuditAction, AuditChange, AuditEvent, AuditField, Who};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Problem, SignedIn};

use crate::api::audit_events::with_names;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::openapi::ProblemDocument;

/// What is said when the accounts were reviewed.
pub(crate) const REVIEWED: &str = "アカウントの棚卸しを確認済みにしました。";

/// Within this time a further click of the same person is the same review.
const SAME_CLICK: SignedDuration = SignedDuration::from_mins(1);

/// The last review of the accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountReview {
    /// RFC 3339; `null` if the accounts were never reviewed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) reviewed_at: Option<Timestamp>,
    /// The name of who confirmed it, as it is now.
    pub(crate) reviewed_by: Option<String>,
    /// How many accounts there were, such as 2,946名.
    pub(crate) accounts: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route(
        "/api/v1/account-review",
        get(account_review).post(confirm_account_review),
    )
}

/// Tells when the accounts were last reviewed, and by whom.
#[utoipa::path(
    get, path = "/api/v1/account-review", tag = "users",
    responses(
        (status = 200, body = AccountReview),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn account_review(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<AccountReview>, Problem> {
    Ok(Json(last(&app, &admin).await?))
}

/// Confirms that all accounts were looked through, as an event of the audit trail.
#[utoipa::path(
    post, path = "/api/v1/account-review", tag = "users",
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn confirm_account_review(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<Message>, Problem> {
    review(&app, &admin).await?;
    Ok(Message::new(REVIEWED))
}

/// Returns the last review.
///
/// # Errors
/// The 503 when DynamoDB does not answer.
pub(crate) async fn last(app: &App, admin: &SignedIn) -> Result<AccountReview, Problem> {
    let id = &admin.workspace_id;
    let last = app.store().last_account_review(id).await?;
    let last: Vec<AuditEvent> = last.into_iter().collect();
    let shown = with_names(app, id, &last).await?.pop();
    Ok(AccountReview {
        reviewed_at: shown.as_ref().map(|it| it.at),
        accounts: shown
            .as_ref()
            .and_then(|it| it.changes.first().map(|change| change.new.clone())),
        reviewed_by: shown.map(|it| it.by_name),
    })
}

/// Records a review of all accounts that there are now; nothing for a second click.
///
/// # Errors
/// The 503 when DynamoDB does not answer.
pub(crate) async fn review(app: &App, admin: &SignedIn) -> Result<(), Problem> {
    let (id, store, now) = (&admin.workspace_id, app.store(), app.now());
    let last = store.last_account_review(id).await?;
    let is_by_same = |who: &Who| *who == Who::User(admin.user.user_id.clone());
    if last.is_some_and(|it| is_by_same(&it.who) && now.duration_since(it.at) < SAME_CLICK) {
        return Ok(());
    }
    let accounts = people(app.roster(id).await?.seats_taken());
    let change = AuditChange::of(AuditField::ReviewedAccounts, "", accounts);
    let event = AuditEvent::new(&admin.author(), AuditAction::AccountsReviewed, now)
        .with_changes(change.into_iter().collect());
    store.put_account_review(id, &event).await?;
    Ok(())
}
