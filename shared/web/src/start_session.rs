//! Signing a browser in.

use axum::http::HeaderValue;
use credentials::{NewSession, Random, SessionTimes};
use domain::{UserId, WorkspaceId};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use storage::Store;
use storage::StoreError;
use storage::sessions::Session;

use crate::cookie::session_cookie;

/// A session that began.
#[derive(Debug)]
pub struct StartedSession {
    /// The `Set-Cookie` for the browser.
    pub set_cookie: HeaderValue,
    /// What writes must carry.
    pub csrf: String,
}

/// Begins a session. `epoch` is the user's session epoch as it is now; `must_replace_password` says
/// that it may be used for nothing else.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn start_session(
    store: &Store,
    (workspace_id, user_id): (&WorkspaceId, &UserId),
    epoch: u64,
    must_replace_password: bool,
    random: &Random,
    now: Timestamp,
) -> Result<StartedSession, StoreError> {
    let new = NewSession::generate(random);
    let session = Session {
        workspace_id: workspace_id.clone(),
        user_id: user_id.clone(),
        created_at: now,
        last_seen_at: now,
        epoch,
        csrf: new.csrf_token.expose_secret().to_owned(),
        must_replace_password,
    };
    let ends_at = SessionTimes::starting(now).ends_at();
    store
        .put_session(new.key().as_str(), &session, ends_at)
        .await?;
    Ok(StartedSession {
        set_cookie: session_cookie(&new.token),
        csrf: session.csrf,
    })
}
