//! The route: proves that SmartHR sent a report, notes whom it is about, and asks for a run.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use credentials::TokenHash;
use domain::time::later;
use domain::{Mode, Trigger, WorkspaceId, day_entry_id};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use storage::queues::{Queues, RunMessage};
use storage::{Store, StoreError};

use crate::reported::Reported;

/// The largest report that is read, in bytes. One with a whole person in it has a few kilobytes.
const LARGEST_REPORT: usize = 64 * 1024;

/// How long further reports are awaited before a run looks at the people.
const GATHERED_FOR: SignedDuration = SignedDuration::from_secs(30);

/// The length of the random id in an address: 256 bits in base64url.
const ID_LENGTH: usize = 43;

/// What the function works with.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// The database, with the registrations and the people whom SmartHR reported.
    pub store: Store,
    /// The queue of runs.
    pub queues: Queues,
    /// The clock that reports are dated by.
    pub clock: fn() -> Timestamp,
}

/// Returns the routes of this function.
pub fn router(receiver: Receiver) -> Router {
    Router::new()
        .route("/webhooks/smarthr/{id}", post(receive))
        .with_state(receiver)
}

/// Answers a report: 204 when it was noted, the same 404 for an address that nobody has and for a wrong secret, and 503
/// when AWS does not answer, so that SmartHR repeats it.
///
/// Neither the connection nor its settings are looked at, which keeps SmartHR from disabling the webhook while the sync
/// is switched off: the run looks at them.
async fn receive(
    State(receiver): State<Receiver>,
    Path(path_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    match receiver.take(&path_id, &headers, body).await {
        Ok(status) => status,
        Err(error) => {
            tracing::error!(%error, "a report of SmartHR was not noted");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

impl Receiver {
    async fn take(
        &self,
        path_id: &str,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<StatusCode, StoreError> {
        let Some(workspace_id) = self.workspace_of(path_id, headers).await? else {
            return Ok(StatusCode::NOT_FOUND);
        };
        // A larger one is not read. SmartHR would repeat it for days if it were refused, and then disable the webhook.
        let reported = match to_bytes(body, LARGEST_REPORT).await {
            Ok(body) => Reported::of(&body),
            Err(_) => Reported::Everybody,
        };
        self.note(&workspace_id, &reported).await?;
        Ok(StatusCode::NO_CONTENT)
    }

    /// Returns the workspace that a report is about; `None` unless SmartHR sent it.
    async fn workspace_of(
        &self,
        path_id: &str,
        headers: &HeaderMap,
    ) -> Result<Option<WorkspaceId>, StoreError> {
        if path_id.len() != ID_LENGTH {
            return Ok(None);
        }
        let registration = self.store.webhook_registration(path_id).await?;
        let secret = headers.get("X-SmartHR-Token");
        let secret = secret.and_then(|secret| secret.to_str().ok());
        let secret: SecretString = secret.unwrap_or_default().into();
        // Compared in any case, and in constant time.
        let stored = registration.as_ref().map(|it| it.secret_hash.as_str());
        let is_proven = TokenHash::of(&secret).is(stored.unwrap_or_default());
        Ok(registration
            .filter(|_| is_proven)
            .map(|registration| registration.workspace_id))
    }

    /// Notes whom a report is about, and asks for a run unless one was asked for already. Killed in between, it gave no
    /// answer, and SmartHR repeats the report.
    async fn note(
        &self,
        workspace_id: &WorkspaceId,
        reported: &Reported,
    ) -> Result<(), StoreError> {
        let (crews, everybody) = match reported {
            Reported::Crew(id) => (std::slice::from_ref(id), false),
            Reported::Everybody => (&[][..], true),
            Reported::Nobody => {
                tracing::info!(%workspace_id, "SmartHR reported nothing about people");
                return Ok(());
            }
        };
        let now = (self.clock)();
        let changed = self
            .store
            .report_changed_crews(workspace_id, crews, everybody, now)
            .await?;
        let asks = changed.needs_message(now);
        tracing::info!(%workspace_id, everybody, asks, "SmartHR reported a change");
        if !asks {
            return Ok(());
        }
        let due = later(now, GATHERED_FOR);
        let message = RunMessage {
            not_before: Some(due),
            ..RunMessage::first(
                workspace_id.clone(),
                day_entry_id(now),
                Trigger::Immediate,
                Mode::Apply,
            )
        };
        let delay = i32::try_from(GATHERED_FOR.as_secs()).unwrap_or_default();
        self.queues.send_run(&message, delay).await?;
        self.store
            .note_changes_announced(workspace_id, &changed, due)
            .await
    }
}
