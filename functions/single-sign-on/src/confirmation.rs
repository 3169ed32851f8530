//! 本人確認 of people who sign in by SSO: the provider asks them again, and they come back as the same user in the same
//! session.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{LoginMethod, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use storage::sessions::Session;
use storage::sso_flows::SsoConfirmation;
use web::{Problem, ProblemPage, ReturnPath, SignedIn, address_after_confirming, renew_session};

use crate::app::App;
use crate::flow::{self, Purpose};
use crate::oidc::Claims;
use crate::outcome::{Refusal, Stop};
use crate::pages;
use crate::sign_in::user_of;

/// How far the provider's clock may be behind ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(120);

/// The fields of the form on `/account/confirm`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ConfirmationForm {
    csrf: String,
    return_to: String,
}

/// Sends the person to the provider.
pub(crate) async fn begin(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<ConfirmationForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    let now = app.now();
    let signed_in = SignedIn::find_at_home(&app.store, &headers, now).await?;
    let Some(signed_in) = signed_in.filter(SignedIn::has_full_access) else {
        return Ok(Redirect::to("/sign-in?return_to=%2Faccount").into_response());
    };
    let form = form.map_or_else(|_| ConfirmationForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    if signed_in.user.login_method != LoginMethod::Sso {
        return Ok(Redirect::to("/account/confirm").into_response());
    }
    let workspace = app.store.workspace(&signed_in.workspace_id).await?;
    let workspace = workspace.ok_or_else(Problem::internal)?;
    let sso = workspace.single_sign_on.as_ref();
    let Some(sso) = sso.filter(|sso| sso.is_tested()) else {
        let why = "SSOの設定が接続テストに成功していないため、SSOで本人確認ができません。緊急用アカウントなど、パスワードでログインするシステム管理者が操作してください。";
        return Err(Problem::conflict("sso_not_configured", why).into());
    };
    let return_to = ReturnPath::parse(&form.return_to);
    let confirmation = SsoConfirmation {
        user_id: signed_in.user.user_id,
        session_hash: signed_in.token_hash,
        return_to: return_to.map_or_else(String::new, |page| page.as_str().to_owned()),
        began_at: now,
    };
    let purpose = Purpose::Confirmation(confirmation);
    let begun = flow::begin(&app, &workspace, sso, &headers, purpose, now).await;
    Ok(begun.unwrap_or_else(pages::stopped))
}

/// Renews the session of the person who came back, and leads to the page that they came from.
pub(crate) async fn finish(
    app: &App,
    (workspace_id, confirmation): (&WorkspaceId, &SsoConfirmation),
    claims: &Claims,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Response, Stop> {
    let signed_in = SignedIn::find_at_home(&app.store, headers, now).await?;
    let is_same = |signed_in: &SignedIn| signed_in.token_hash == confirmation.session_hash;
    let signed_in = signed_in.filter(is_same).ok_or(Refusal::OtherBrowser)?;
    let (user, _) = user_of(&app.store, workspace_id, claims).await?;
    if user.user_id != confirmation.user_id {
        return Err(Refusal::OtherPerson.into());
    }
    let is_new_sign_in = |at: &Timestamp| confirmation.began_at.duration_since(*at) <= CLOCK_SKEW;
    if !claims.authenticated_at.as_ref().is_some_and(is_new_sign_in) {
        return Err(Refusal::NotAskedAgain.into());
    }
    let user_id = &user.user_id;
    tracing::info!(%workspace_id, %user_id, method = "SingleSignOn", "confirmed");
    let session = Session {
        confirmed_at: Some(now),
        ends_by: claims.session_ends_by,
        ..signed_in.session
    };
    let hash = &signed_in.token_hash;
    let session = renew_session(&app.store, hash, session, &app.random, now).await?;
    let page = ReturnPath::parse(&confirmation.return_to);
    let address = address_after_confirming(page.as_ref());
    let cookie = [(header::SET_COOKIE, session.set_cookie)];
    Ok((cookie, Redirect::to(&address)).into_response())
}
