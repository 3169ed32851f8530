//! `kitera void-links`

use clap::Args;
use serde_json::{Value, json};

use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::workspace_ref::workspace;

#[derive(Debug, Args)]
pub(crate) struct VoidLinks {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    #[command(flatten)]
    consent: Consent,
}

/// Has provision void the open invitations, initial passwords and password resets.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or AWS does not answer. Repeated, it goes on.
pub(crate) async fn run(stack: &Stack, args: &VoidLinks) -> Result<Output, KiteraError> {
    let workspace = workspace(&stack.store()?, &args.workspace).await?;
    let void = async |preview: bool| {
        let event = json!({
            "void_open_credentials": { "workspace": workspace.workspace_id }, "preview": preview,
        });
        stack.invoke("provision", &event).await
    };
    let open = counts(&void(true).await?);
    let what = format!("These of {} stop working at once: {open}.", workspace.name);
    args.consent.ask(&workspace.company_code, &what)?;
    let answer = void(false).await?;
    Ok(Output::new(format!("voided: {}", counts(&answer)), &answer))
}

fn counts(answer: &Value) -> String {
    let count = |what: &str| answer[what].as_u64().unwrap_or_default();
    format!(
        "{} invitations, {} initial passwords, {} password resets",
        count("invitations"),
        count("initial_passwords"),
        count("password_resets")
    )
}
