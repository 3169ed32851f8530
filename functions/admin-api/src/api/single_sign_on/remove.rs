//! [SSOの設定を削除]

use axum::Json;
use axum::extract::State;
use domain::audit::changes_of_single_sign_on;
use domain::{AuditAction, AuditEvent, Workspace};
use storage::secrets::CustomerSecret;
use web::{Problem, SignedIn};

use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::auth::require_system_administrator;
use crate::openapi::ProblemDocument;

/// What is said when the configuration was removed.
pub(crate) const REMOVED: &str = "SSOの設定を削除しました。";

/// Removes the configuration and its client secret. People whose 認証方法 is SSO cannot sign in any more.
#[utoipa::path(
    delete, path = "/api/v1/single-sign-on", tag = "single-sign-on",
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove_single_sign_on(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
) -> Result<Json<Message>, Problem> {
    require_system_administrator(&admin)?;
    let workspace = app.workspace(&admin.workspace_id).await?;
    remove(&app, &admin, &workspace).await?;
    Ok(Message::new(REMOVED))
}

/// Removes the configuration, then its secret; does nothing when there is none.
///
/// # Errors
/// The 409 when somebody else changed it meanwhile.
pub(crate) async fn remove(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
) -> Result<(), Problem> {
    let Some(before) = &workspace.single_sign_on else {
        return Ok(());
    };
    let event = AuditEvent::new(&admin.author(), AuditAction::SsoRemoved, app.now());
    let audit = [event.with_changes(changes_of_single_sign_on(Some(before), None))];
    app.store()
        .put_single_sign_on(workspace, None, &audit)
        .await?;
    let (secrets, id) = (&app.connections.secrets, &workspace.workspace_id);
    if let Some(oidc) = before.oidc() {
        secrets
            .delete_customer_secret(id, CustomerSecret::SsoClient(&oidc.secret_id))
            .await?;
    }
    Ok(())
}
