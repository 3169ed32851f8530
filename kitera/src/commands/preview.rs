//! `kitera preview`

use clap::Args;
use serde_json::json;

use crate::commands::run::summary;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::workspace_ref::id_of;

#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
}

/// Has workspace-sync plan a run, which changes nobody.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or SmartHR or AWS does not answer.
pub(crate) async fn run(stack: &Stack, args: &Preview) -> Result<Output, KiteraError> {
    let id = id_of(&stack.store()?, &args.workspace).await?;
    let event = json!({ "workspace_id": id, "mode": "preview" });
    let answer = stack.invoke("workspace-sync", &event).await?;
    Ok(summary(&answer))
}
