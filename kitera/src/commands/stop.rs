//! `kitera stop`

use clap::Args;

use crate::commands::connection_order::order;
use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;

#[derive(Debug, Args)]
pub(crate) struct Stop {
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
pub(crate) async fn run(stack: &Stack, args: &Stop) -> Result<Output, KiteraError> {
    let what = |name: &str| {
        format!(
            "The nights of {name} stop, and a run under way ends. Users, settings and the connection stay."
        )
    };
    order(stack, &args.workspace, "stop", &args.consent, what).await
}
