//! Who is signed in, and whether a write is meant.

use axum::http::{HeaderMap, StatusCode};
use credentials::session::csrf_token_matches;
use credentials::{SessionTimes, TokenHash};
use domain::{User, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use storage::Store;
use storage::StoreError;
use storage::sessions::Session;

use crate::cookie::session_token;
use crate::problem::Problem;

/// How exact [`Session::last_seen_at`] is: a write a request would be too dear.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A person who is signed in, as the tables say at this moment.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// Who, as stored now: a role that was taken away is gone.
    pub user: User,
    /// The session.
    pub session: Session,
    /// What the session is stored under.
    pub token_hash: String,
}

/// The hash that a request's session is stored under, if it carries a token, valid or not.
pub fn token_hash_of(headers: &HeaderMap) -> Option<String> {
    session_token(headers).map(|token| TokenHash::of(&token).as_str().to_owned())
}

/// Who sent this request, or `None` when nobody is signed in: no cookie, session over or unused
/// for too long, user deleted, or all of the user's sessions ended since.
///
/// Somebody whose session says `must_replace_password` is signed in as well, but may do nothing
/// except that; [`require_signed_in`] refuses them.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn signed_in(
    store: &Store,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Option<SignedIn>, StoreError> {
    let Some(token_hash) = token_hash_of(headers) else {
        return Ok(None);
    };
    let Some(mut session) = store.session(&token_hash).await? else {
        return Ok(None);
    };
    let mut times = SessionTimes {
        signed_in_at: session.created_at,
        last_used_at: session.last_seen_at,
    };
    if !times.is_alive(now) {
        return Ok(None);
    }
    let found = store
        .user_with_hashes(&session.workspace_id, &session.user_id)
        .await?;
    let Some((user, hashes)) = found else {
        return Ok(None);
    };
    if hashes.session_epoch != session.epoch {
        return Ok(None);
    }
    if now.duration_since(session.last_seen_at) >= TOUCH_EVERY {
        session.last_seen_at = now;
        times.last_used_at = now;
        store
            .touch_session(&token_hash, now, times.ends_at())
            .await?;
    }
    Ok(Some(SignedIn {
        workspace_id: session.workspace_id.clone(),
        user,
        session,
        token_hash,
    }))
}

/// As [`signed_in`], for everything that needs somebody who is fully in.
///
/// # Errors
/// The 401 when nobody is signed in, the 403 `password_must_be_replaced` while the initial password
/// was not replaced, the 503 when DynamoDB does not answer.
pub async fn require_signed_in(
    store: &Store,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<SignedIn, Problem> {
    let Some(signed_in) = signed_in(store, headers, now).await? else {
        return Err(Problem::not_signed_in());
    };
    if signed_in.session.must_replace_password {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "password_must_be_replaced",
            "初期パスワードを新しいパスワードに変更してください。",
        ));
    }
    Ok(signed_in)
}

/// Lets a write through that carries the session's token in `X-CSRF-Token`.
///
/// # Errors
/// The 403 `csrf` when the header is missing or another one's.
pub fn check_csrf(signed_in: &SignedIn, headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers
        .get("x-csrf-token")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    check_csrf_field(signed_in, given)
}

/// As [`check_csrf`], for a form with the hidden field `csrf`.
///
/// # Errors
/// The 403 `csrf` when the field is empty or another one's.
pub fn check_csrf_field(signed_in: &SignedIn, given: &str) -> Result<(), Problem> {
    let expected = signed_in.session.csrf.clone().into();
    if !given.is_empty() && csrf_token_matches(&expected, given) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "csrf",
        "画面の有効期限が切れました。画面を更新して、もう一度お試しください。",
    ))
}
