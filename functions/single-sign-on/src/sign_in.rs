//! The user whom verified claims sign in. SmartHR says who exists: nobody is registered here.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{EmailAddress, LoginMethod, Status, User, WorkspaceId};
use jiff::Timestamp;
use storage::Store;
use storage::users::CredentialHashes;
use web::{SessionStart, browser_name, end_previous_session, other_sign_ins, start_session};

use crate::app::App;
use crate::oidc::Claims;
use crate::outcome::{Refusal, Stop};

/// Starts a session for the active user of this workspace who has the claimed address and signs in by SSO.
pub(crate) async fn sign_in(
    app: &App,
    workspace_id: &WorkspaceId,
    claims: &Claims,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Response, Stop> {
    let (user, hashes) = user_of(&app.store, workspace_id, claims).await?;
    if user.login_method != LoginMethod::Sso {
        return Err(Refusal::SignsInWithPassword.into());
    }
    let others = other_sign_ins(&app.store, headers, (workspace_id, &user), now).await?;
    let user_id = user.user_id;
    tracing::info!(%workspace_id, %user_id, method = "SingleSignOn", "signed in");
    let start = SessionStart {
        workspace_id: workspace_id.clone(),
        user_id,
        epoch: hashes.session_epoch,
        must_replace_password: false,
        awaits: None,
        ends_by: claims.session_ends_by,
        others,
    };
    let browser = browser_name(headers);
    let session = start_session(&app.store, start, browser, &app.random, now).await?;
    end_previous_session(&app.store, headers).await?;
    let cookie = [(header::SET_COOKIE, session.set_cookie)];
    Ok((cookie, Redirect::to("/")).into_response())
}

/// Returns the active user of this workspace who has the claimed address.
pub(crate) async fn user_of(
    store: &Store,
    workspace_id: &WorkspaceId,
    claims: &Claims,
) -> Result<(User, CredentialHashes), Stop> {
    let email = claims.email.as_deref().ok_or(Refusal::NoEmail)?;
    if claims.email_verified == Some(false) {
        return Err(Refusal::EmailNotVerified.into());
    }
    let email = EmailAddress::parse(email).ok_or(Refusal::NotRegistered)?;
    let found = match store.holder_of_email(workspace_id, &email).await? {
        Some(user_id) => store.user_with_hashes(workspace_id, &user_id).await?,
        None => None,
    };
    let Some((user, hashes)) = found else {
        let deleted = store.deleted_users(workspace_id).await?;
        let was = |user: &User| user.email.as_ref().map(EmailAddress::key) == Some(email.key());
        let was_deleted = deleted.iter().any(|deleted| was(&deleted.user));
        return Err(if was_deleted {
            Refusal::Deleted.into()
        } else {
            Refusal::NotRegistered.into()
        });
    };
    if user.status == Status::Invited {
        return Err(Refusal::Invited.into());
    }
    Ok((user, hashes))
}
