//! Orders about a connection, which workspace-sync carries out.

use serde_json::json;

use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::workspace_ref::workspace;

/// Asks for consent and has workspace-sync carry out `order`. `what` says what happens to the workspace of this name.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or the order is refused.
pub(crate) async fn order(
    stack: &Stack,
    named: &str,
    order: &str,
    consent: &Consent,
    what: impl Fn(&str) -> String,
) -> Result<Output, KiteraError> {
    let workspace = workspace(&stack.store()?, named).await?;
    consent.ask(&workspace.company_code, &what(&workspace.name))?;
    let event = json!({ "workspace_id": workspace.workspace_id, "connection": order });
    let answer = stack.invoke("workspace-sync", &event).await?;
    let sync = if answer["enabled"] == true {
        "on"
    } else {
        "off"
    };
    let state = answer["state"].as_str().unwrap_or("never connected");
    let text = format!(
        "{}: connection {state}, sync {sync}",
        workspace.company_code
    );
    Ok(Output::new(text, &answer))
}
