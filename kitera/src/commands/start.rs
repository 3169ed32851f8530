//! `kitera start`

use clap::Args;

use crate::commands::connection_order::order;
use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;

#[derive(Debug, Args)]
pub(crate) struct Start {
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
pub(crate) async fn run(stack: &Stack, args: &Start) -> Result<Output, KiteraError> {
    let what = |name: &str| {
        format!("The sync of {name} is switched on, with the settings that its admins saved.")
    };
    order(stack, &args.workspace, "start", &args.consent, what).await
}
