//! `kitera relink-undo`

use clap::Args;

use crate::commands::connection_order::order;
use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;

#[derive(Debug, Args)]
pub(crate) struct RelinkUndo {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    #[command(flatten)]
    consent: Consent,
}

/// Has workspace-sync carry the order out.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or the order is refused.
pub(crate) async fn run(stack: &Stack, args: &RelinkUndo) -> Result<Output, KiteraError> {
    let what = |name: &str| {
        format!(
            "The connection of {name} becomes connected again, if SmartHR still takes its refresh token."
        )
    };
    order(stack, &args.workspace, "restore", &args.consent, what).await
}
