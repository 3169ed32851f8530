//! `kitera offboard`

use clap::Args;
use domain::{AuditAction, Connection, ConnectionState, Workspace, WorkspaceId};
use serde_json::json;
use storage::StoreError;
use storage::secrets::CustomerSecret;
use storage::sync_logs::SyncLogs;

use crate::audit::by_operator;
use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::table::table;
use crate::workspace_ref::id_of;

#[derive(Debug, Args)]
pub(crate) struct Offboard {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    #[command(flatten)]
    consent: Consent,
}

/// Deletes everything of a customer who left: tables, sync logs and secrets. The event that says so stays in the audit
/// trail.
///
/// # Errors
/// [`KiteraError`] when the workspace is connected, or AWS does not answer. Repeated by the workspace's id, it goes on.
pub(crate) async fn run(stack: &Stack, args: &Offboard) -> Result<Output, KiteraError> {
    let (store, logs) = (stack.store()?, stack.logs()?);
    let id = &id_of(&store, &args.workspace).await?;
    let workspace = store.workspace(id).await?;
    let connection = store.connection(id).await?;
    if let Some(connection) = &connection
        && connection.state != ConnectionState::Disconnected
    {
        return Err(KiteraError::Refused(format!(
            "{id} is still connected to SmartHR: first its admin clicks [解除する] in 外部サービス連携, which deletes our items \
             there and the tokens. Nothing was done."
        )));
    }
    let counts = store.count_workspace(id).await?;
    let keys = keys(&logs, id).await?;
    let rows = counts
        .iter()
        .map(|(what, count)| vec![(*what).to_owned(), count.to_string()]);
    let rows = rows.chain([vec!["sync logs".to_owned(), keys.len().to_string()]]);
    let found = table(&["WHAT", "ITEMS"], &rows.collect::<Vec<_>>());
    let (code, name) = match &workspace {
        Some(workspace) => (workspace.company_code.as_str(), workspace.name.as_str()),
        // Interrupted after the workspace itself was deleted.
        None => (id.as_str(), "a workspace that is deleted already"),
    };
    let what = format!(
        "Everything of {name} ({id}) is deleted for good:\n\n{found}\nOnly the tables' recovery, for 35 days, brings it back."
    );
    args.consent.ask(code, &what)?;

    delete_secrets(stack, id, workspace.as_ref(), connection.as_ref()).await?;
    for key in &keys {
        logs.delete(key).await?;
    }
    store.delete_workspace(id).await?;
    let event = by_operator(AuditAction::WorkspaceErased);
    store.record_audit_event(id, &event).await?;
    let deleted = json!({ "workspace_id": id, "deleted": counts, "sync_logs": keys.len() });
    Ok(Output::new(format!("deleted:\n\n{found}"), &deleted))
}

/// Returns the keys of the logs of runs and previews.
async fn keys(logs: &SyncLogs, id: &WorkspaceId) -> Result<Vec<String>, StoreError> {
    let mut keys = logs.keys(&format!("{id}/")).await?;
    keys.extend(logs.keys(&format!("previews/{id}/")).await?);
    Ok(keys)
}

async fn delete_secrets(
    stack: &Stack,
    id: &WorkspaceId,
    workspace: Option<&Workspace>,
    connection: Option<&Connection>,
) -> Result<(), KiteraError> {
    let secrets = stack.secrets()?;
    if let Some(connection) = connection {
        let pending = connection.pending.iter().map(|company| &company.tenant_id);
        let companies = pending.chain(&connection.left_companies);
        for company in companies.chain([&connection.company.tenant_id]) {
            secrets.delete_tokens(id, company).await?;
        }
    }
    if let Some(chat) = workspace.and_then(|workspace| workspace.notifications.chat.as_ref()) {
        secrets
            .delete_customer_secret(id, CustomerSecret::ChatAddress(&chat.secret_id))
            .await?;
    }
    let sso = workspace.and_then(|workspace| workspace.single_sign_on.as_ref());
    if let Some(provider) = sso.and_then(domain::SingleSignOn::oidc) {
        secrets
            .delete_customer_secret(id, CustomerSecret::SsoClient(&provider.secret_id))
            .await?;
    }
    Ok(())
}
