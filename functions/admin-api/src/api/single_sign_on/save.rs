//! [設定を保存]: the company's OpenID provider.

use axum::Json;
use axum::extract::State;
use credentials::hex;
use domain::audit::changes_of_single_sign_on;
use domain::{AuditAction, AuditEvent, OidcProvider, SingleSignOn, Workspace};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use storage::secrets::CustomerSecret;
use url::{Host, Url};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::auth::require_system_administrator;
use crate::openapi::ProblemDocument;

/// What is said when the configuration was saved.
pub(crate) const SAVED: &str = "SSOの設定を保存しました。続けて[接続テスト]を行ってください。";

/// The longest value, in bytes.
const LONGEST: usize = 500;

/// What KiteRa has to know of the provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderFields {
    /// The issuer identifier, exactly as the provider publishes it: an https address.
    pub(crate) issuer: String,
    /// The client id that the provider gave KiteRa.
    pub(crate) client_id: String,
    /// The client secret that the provider gave KiteRa. Left out or empty it stays as it is, which is possible only
    /// while the issuer stays as well.
    #[serde(default)]
    #[schema(value_type = String, format = Password)]
    pub(crate) client_secret: SecretString,
}

/// Saves the configuration. It is used once it passed the connection test.
#[utoipa::path(
    put, path = "/api/v1/single-sign-on", tag = "single-sign-on",
    request_body = ProviderFields,
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn save_single_sign_on(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Input(fields): Input<ProviderFields>,
) -> Result<Json<Message>, Problem> {
    require_system_administrator(&admin)?;
    let workspace = app.workspace(&admin.workspace_id).await?;
    save(&app, &admin, &workspace, fields).await?;
    Ok(Message::new(SAVED))
}

/// Saves the configuration: a new secret under a new name, then the record that names it. So a sign-in under way never
/// meets a secret that is not its own.
///
/// # Errors
/// The 422 for what cannot be a provider, the 409 when somebody else saved meanwhile.
pub(crate) async fn save(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    fields: ProviderFields,
) -> Result<(), Problem> {
    let before = workspace.single_sign_on.as_ref();
    let (issuer, client_id) = (fields.issuer.trim(), fields.client_id.trim());
    check(issuer, client_id, &fields.client_secret)?;
    let secret = fields.client_secret;
    let (secrets, id) = (&app.connections.secrets, &workspace.workspace_id);
    let secret_id = if secret.expose_secret().is_empty() {
        // Another provider must not get this one's secret.
        let kept = before.and_then(SingleSignOn::oidc);
        let kept = kept.filter(|before| before.issuer == issuer);
        let kept = kept.ok_or_else(|| {
            refused("クライアントシークレットを入力してください。発行者(Issuer)を変更する場合も必要です。")
        })?;
        kept.secret_id.clone()
    } else {
        let new = hex(&app.connections.random.bytes::<16>());
        secrets
            .put_customer_secret(id, CustomerSecret::SsoClient(&new), &secret)
            .await?;
        new
    };
    let after = SingleSignOn {
        tested: before.and_then(|before| before.tested.clone()),
        ..SingleSignOn::new(OidcProvider {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            secret_id,
        })
    };
    let changes = changes_of_single_sign_on(before, Some(&after));
    let event = AuditEvent::new(&admin.author(), AuditAction::SsoSaved, app.now());
    let audit = [event.with_changes(changes)];
    let saved = app
        .store()
        .put_single_sign_on(workspace, Some(&after), &audit);
    let saved = saved.await;
    let kept = if saved.is_ok() { Some(&after) } else { before };
    let unused = if saved.is_ok() { before } else { Some(&after) };
    let kept = kept.and_then(SingleSignOn::oidc);
    if let Some(unused) = unused
        .and_then(SingleSignOn::oidc)
        .map(|unused| &unused.secret_id)
        && kept.is_none_or(|kept| kept.secret_id != *unused)
    {
        secrets
            .delete_customer_secret(id, CustomerSecret::SsoClient(unused))
            .await?;
    }
    Ok(saved?)
}

fn check(issuer: &str, client_id: &str, secret: &SecretString) -> Result<(), Problem> {
    if !is_issuer(issuer) {
        return Err(refused(
            "発行者(Issuer)には、https://で始まるURLを入力してください。「?」「#」以降は付けられません。",
        ));
    }
    let is_value =
        |text: &str| text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
    if client_id.is_empty() || !is_value(client_id) {
        return Err(refused("クライアントIDを半角で入力してください。"));
    }
    if !is_value(secret.expose_secret()) {
        return Err(refused(
            "クライアントシークレットを半角で入力してください。",
        ));
    }
    Ok(())
}

/// Returns whether a text can be an issuer identifier (OpenID Connect Core, 1.2). Stand-ins on this machine have no
/// https; single-sign-on calls them on a developer's machine only.
fn is_issuer(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    let is_here = match url.host() {
        Some(Host::Domain(host)) => host == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        _ => false,
    };
    text.len() <= LONGEST
        && (url.scheme() == "https" || url.scheme() == "http" && is_here)
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn refused(why: &str) -> Problem {
    let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Problem::new(status, "provider_refused", why)
}
