//! Starts a session after a successful sign-in.

use axum::http::{HeaderMap, HeaderValue};
use credentials::{Random, SessionSecrets};
use domain::{AuditEvent, OutboxMail, UserId, WorkspaceId};
use jiff::Timestamp;
use lambda::metrics::Metrics;
use secrecy::ExposeSecret;
use storage::sessions::{OtherSignIn, Session, SessionStep};
use storage::{Store, StoreError};

use crate::cookies::session_cookie;
use crate::next_step::NextStep;
use crate::signed_in::{session_times, token_hash_of};

/// The user of a new session, and what the session may do.
#[derive(Clone, Debug)]
pub struct SessionStart {
    /// The workspace that the user signs in to.
    pub workspace_id: WorkspaceId,
    /// The user who signed in.
    pub user_id: UserId,
    /// The user's session epoch as stored now; sessions of an earlier epoch have ended.
    pub epoch: u64,
    /// Whether the session may only replace an initial password.
    pub must_replace_password: bool,
    /// What has to be done before anything else; `None` if nothing.
    pub awaits: Option<SessionStep>,
    /// When the identity provider ends the session; `None` if it does not say, or nobody signed in there.
    pub ends_by: Option<Timestamp>,
    /// The other workspaces that the person is signed in to in this browser, see [`crate::other_sign_ins`].
    pub others: Vec<OtherSignIn>,
}

/// The secrets of a started session, for the browser.
#[derive(Debug)]
pub struct StartedSession {
    /// The `Set-Cookie` header for the browser.
    pub set_cookie: HeaderValue,
    /// The CSRF token that every write must carry.
    pub csrf: String,
    /// What has to be done before anything else; `None` if nothing.
    pub next_step: Option<NextStep>,
}

/// Stores a new session and returns its cookie and CSRF token. `browser` is the name by which the user
/// recognises the session.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn start_session(
    store: &Store,
    start: SessionStart,
    browser: String,
    random: &Random,
    now: Timestamp,
) -> Result<StartedSession, StoreError> {
    let (new, session, ends_at) = new_session(start, browser, random, now);
    store
        .put_session(new.key().as_str(), &session, ends_at)
        .await?;
    note_sign_in(store, &session, now).await;
    Ok(started(&new, session))
}

/// Stores a new session as [`start_session`] does, with a mail about it and what the audit trail says.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn start_recorded_session(
    store: &Store,
    start: SessionStart,
    browser: String,
    (mail, event): (&OutboxMail, &AuditEvent),
    random: &Random,
    now: Timestamp,
) -> Result<StartedSession, StoreError> {
    let (new, session, ends_at) = new_session(start, browser, random, now);
    store
        .put_recorded_session(new.key().as_str(), &session, ends_at, Some(mail), event)
        .await?;
    note_sign_in(store, &session, now).await;
    Ok(started(&new, session))
}

/// Notes the last sign-in of somebody who proved who they are, and counts it beside those that were refused. Nobody is
/// kept out because it was not noted.
async fn note_sign_in(store: &Store, session: &Session, now: Timestamp) {
    match NextStep::of(session) {
        Some(NextStep::SecondFactor | NextStep::ReplacePassword) => return,
        Some(NextStep::EnrolSecondFactor) | None => {}
    }
    Metrics::new(now).count("SignInsRefused", 0_u32).print();
    let noted = store.note_sign_in(&session.workspace_id, &session.user_id, now);
    if let Err(error) = noted.await {
        tracing::warn!(%error, "a sign-in was not noted");
    }
}

fn new_session(
    start: SessionStart,
    browser: String,
    random: &Random,
    now: Timestamp,
) -> (SessionSecrets, Session, Timestamp) {
    let new = SessionSecrets::generate(random);
    let session = Session {
        workspace_id: start.workspace_id,
        user_id: start.user_id,
        entered_from: None,
        others: start.others,
        created_at: now,
        confirmed_at: None,
        last_seen_at: now,
        epoch: start.epoch,
        csrf: new.csrf_token.expose_secret().to_owned(),
        must_replace_password: start.must_replace_password,
        awaits: start.awaits,
        ends_by: start.ends_by,
        browser,
    };
    let ends_at = session_times(&session).ends_at();
    (new, session, ends_at)
}

fn started(new: &SessionSecrets, session: Session) -> StartedSession {
    StartedSession {
        set_cookie: session_cookie(&new.token),
        next_step: NextStep::of(&session),
        csrf: session.csrf,
    }
}

/// Replaces a session by one with new secrets, so that who has the former ones has nothing: the cookie of
/// before does not come to what the person proves from now on. Neither the sign-in nor its age changes.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn renew_session(
    store: &Store,
    token_hash: &str,
    session: Session,
    random: &Random,
    now: Timestamp,
) -> Result<StartedSession, StoreError> {
    let (new, session, ends_at) = renewed(session, random, now);
    store
        .put_session(new.key().as_str(), &session, ends_at)
        .await?;
    store.delete_session(token_hash).await?;
    Ok(started(&new, session))
}

/// Renews a session as [`renew_session`] does, with what the audit trail of the session's workspace says.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn renew_recorded_session(
    store: &Store,
    token_hash: &str,
    session: Session,
    event: &AuditEvent,
    random: &Random,
    now: Timestamp,
) -> Result<StartedSession, StoreError> {
    let (new, session, ends_at) = renewed(session, random, now);
    store
        .put_recorded_session(new.key().as_str(), &session, ends_at, None, event)
        .await?;
    store.delete_session(token_hash).await?;
    Ok(started(&new, session))
}

fn renewed(
    session: Session,
    random: &Random,
    now: Timestamp,
) -> (SessionSecrets, Session, Timestamp) {
    let new = SessionSecrets::generate(random);
    let session = Session {
        last_seen_at: now,
        csrf: new.csrf_token.expose_secret().to_owned(),
        ..session
    };
    let ends_at = session_times(&session).ends_at();
    (new, session, ends_at)
}

/// Ends the session that the browser had before it started a new one.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn end_previous_session(store: &Store, headers: &HeaderMap) -> Result<(), StoreError> {
    match token_hash_of(headers) {
        Some(token_hash) => store.delete_session(&token_hash).await,
        None => Ok(()),
    }
}
