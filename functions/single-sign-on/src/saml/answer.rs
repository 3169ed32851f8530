//! `POST /sso/acs/{workspace_id}`: the Assertion Consumer Service, to which the browser brings the provider's answer.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use credentials::TokenHash;
use domain::{Workspace, WorkspaceId};
use jiff::Timestamp;
use saml::{Expected, read_response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use storage::StoreError;
use storage::saml_answers::UsedAssertion;
use storage::sso_flows::SsoFlow;
use web::{Problem, RequestSource};

use super::service_provider;
use crate::app::App;
use crate::callback::stopped;
use crate::flow::{self, Purpose};
use crate::outcome::{Refusal, Stop};

/// The fields of the binding HTTP-POST.
#[derive(Deserialize)]
pub(crate) struct AnswerForm {
    #[serde(rename = "SAMLResponse")]
    response: String,
    /// The state of the sign-in. A tile in a portal sends something else, which is followed nowhere.
    #[serde(default, rename = "RelayState")]
    state: SecretString,
}

/// Keeps what a believed answer says, or why it is not believed, and leads to the callback.
pub(crate) async fn answer(
    State(app): State<App>,
    Path(workspace_id): Path<WorkspaceId>,
    headers: HeaderMap,
    source: RequestSource,
    form: Result<Form<AnswerForm>, FormRejection>,
) -> Response {
    let now = app.now();
    let taken = match form {
        Ok(Form(form)) => take(&app, &workspace_id, &form, &headers, now).await,
        Err(_) => Err(Refusal::UnknownState.into()),
    };
    match taken {
        Ok(response) => response,
        Err(stop) => stopped(&app, stop, &format!("sso {workspace_id}"), &source, now).await,
    }
}

async fn take(
    app: &App,
    workspace_id: &WorkspaceId,
    form: &AnswerForm,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Response, Stop> {
    let state_hash = TokenHash::of(&form.state);
    let flow = app.store.sso_flow(state_hash.as_str()).await?;
    let workspace = app.store.workspace(workspace_id).await?;
    let workspace = workspace.ok_or(Refusal::UnknownState)?;
    let Some(flow) = flow else {
        return begin_instead(app, &workspace, form, headers, now).await;
    };
    if flow.workspace_id != *workspace_id {
        return Err(Refusal::MixedUp.into());
    }
    keep(app, &workspace, &flow, (&state_hash, &form.response), now).await?;
    let state = form.state.expose_secret();
    let callback = format!("/sso/callback/{workspace_id}?state={state}");
    Ok(Redirect::to(&callback).into_response())
}

/// Begins a sign-in of our own in place of an answer that nobody asked for. What the answer says is not looked at.
async fn begin_instead(
    app: &App,
    workspace: &Workspace,
    form: &AnswerForm,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Response, Stop> {
    let sso = workspace.single_sign_on.as_ref();
    let sso = sso
        .filter(|sso| sso.is_tested())
        .ok_or(Refusal::UnknownState)?;
    let expected = Expected {
        service_provider: &service_provider(app, &workspace.workspace_id),
        identity_provider: sso.saml().ok_or(Refusal::UnknownState)?,
        request_id: "",
    };
    match read_response(&form.response, &expected, now) {
        Err(saml::Refusal::Unsolicited) => {
            flow::begin(app, workspace, sso, headers, Purpose::SignIn, now).await
        }
        _ => Err(Refusal::UnknownState.into()),
    }
}

/// Keeps the answer with the sign-in. An assertion is kept as used as well, whatever comes of the sign-in.
async fn keep(
    app: &App,
    workspace: &Workspace,
    flow: &SsoFlow,
    (state_hash, response): (&TokenHash, &str),
    now: Timestamp,
) -> Result<(), Stop> {
    let sso = workspace.single_sign_on.as_ref();
    let sso = sso.filter(|sso| sso.hash() == flow.configuration);
    let sso = sso.ok_or(Refusal::Changed)?;
    let expected = Expected {
        service_provider: &service_provider(app, &workspace.workspace_id),
        identity_provider: sso.saml().ok_or(Refusal::UnknownState)?,
        request_id: &flow.nonce,
    };
    let answer: super::Answer = read_response(response, &expected, now);
    let id = answer.as_ref().ok();
    let id = id.map(|claims| (TokenHash::of(&claims.assertion_id.clone().into()), claims));
    let used = id.as_ref().map(|(id_hash, claims)| UsedAssertion {
        workspace_id: &workspace.workspace_id,
        id_hash: id_hash.as_str(),
        ends_at: claims.usable_until,
    });
    let kept = serde_json::to_string(&answer).map_err(|_| Problem::internal())?;
    match app
        .store
        .answer_sso_flow(state_hash.as_str(), &kept, used)
        .await
    {
        Err(StoreError::Conflict(..)) => Err(Refusal::UnknownState.into()),
        kept => Ok(kept?),
    }
}
