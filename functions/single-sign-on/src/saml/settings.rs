//! `POST /settings/single-sign-on/saml`: saves the SAML provider whose metadata was pasted. This function parses it,
//! and no other.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::changes_of_single_sign_on;
use domain::{AuditAction, AuditEvent, SamlProvider, SingleSignOn, Workspace};
use saml::{MetadataError, read_metadata};
use serde::Deserialize;
use storage::secrets::CustomerSecret;
use web::{Frame, Problem, ProblemPage, RequestSource, SignedIn, check_confirmed, html_page};

use crate::app::App;
use crate::system_administrator::system_administrator;

/// The form.
#[derive(Default, Deserialize)]
pub(crate) struct MetadataForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    metadata: String,
}

#[derive(Template)]
#[template(path = "metadata_refused.html")]
struct RefusedPage {
    frame: Frame,
    error: MetadataError,
}

/// Saves the provider, which is used once it passed the connection test, or says what is wrong with the metadata.
pub(crate) async fn save(
    State(app): State<App>,
    headers: HeaderMap,
    source: RequestSource,
    form: Result<Form<MetadataForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let Some(admin) = system_administrator(&app, &headers, source, &form.csrf).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    check_confirmed(&admin.session, app.now())?;
    let workspace = app.store.workspace(&admin.workspace_id).await?;
    let workspace = workspace.ok_or_else(Problem::internal)?;
    let provider = match read_metadata(form.metadata.trim().as_bytes()) {
        Ok(provider) => provider,
        Err(error) => {
            let frame = Frame::of(&admin, &workspace, "/settings/single-sign-on");
            let frame = frame.with_banners_of(&app.store, &workspace).await?;
            let page = RefusedPage { frame, error };
            return Ok(html_page(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    store(&app, &admin, &workspace, provider).await?;
    Ok(Redirect::to("/settings/single-sign-on?done=sso-saved").into_response())
}

/// Stores the provider, then deletes the client secret of an OpenID provider that it replaces.
async fn store(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    provider: SamlProvider,
) -> Result<(), Problem> {
    let before = workspace.single_sign_on.as_ref();
    let after = SingleSignOn {
        tested: before.and_then(|before| before.tested.clone()),
        ..SingleSignOn::new(provider)
    };
    let changes = changes_of_single_sign_on(before, Some(&after));
    let event = AuditEvent::new(&admin.author(), AuditAction::SsoSaved, app.now());
    let audit = [event.with_changes(changes)];
    app.store
        .put_single_sign_on(workspace, Some(&after), &audit)
        .await?;
    if let Some(oidc) = before.and_then(SingleSignOn::oidc) {
        let id = &workspace.workspace_id;
        app.secrets
            .delete_customer_secret(id, CustomerSecret::SsoClient(&oidc.secret_id))
            .await?;
    }
    Ok(())
}
