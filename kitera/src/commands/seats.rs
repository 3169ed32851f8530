//! `kitera seats`

use clap::Args;
use serde_json::{Value, json};

use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::workspace_ref::workspace;

#[derive(Debug, Args)]
pub(crate) struct Seats {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    /// The number of users in the customer's plan
    #[arg(value_name = "N")]
    number: u32,
    #[command(flatten)]
    consent: Consent,
}

/// Has provision change the number of seats, and nothing else.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or the number is refused.
pub(crate) async fn run(stack: &Stack, args: &Seats) -> Result<Output, KiteraError> {
    let workspace = workspace(&stack.store()?, &args.workspace).await?;
    let what = format!(
        "{} has {} seats, and gets {}.",
        workspace.name, workspace.seats, args.number
    );
    args.consent.ask(&workspace.company_code, &what)?;
    let event = json!({ "workspace_id": workspace.workspace_id, "seats": args.number });
    let answer = stack.invoke("provision", &event).await?;
    Ok(Output::new(changes(&answer), &answer))
}

/// Returns what differs between before and after, a line per field.
fn changes(answer: &Value) -> String {
    let changes = answer["changes"].as_array().into_iter().flatten();
    let line = |change: &Value| {
        let value = |which: &str| change[which].as_str().unwrap_or("-").to_owned();
        format!("{}: {} → {}", value("field"), value("old"), value("new"))
    };
    let lines: Vec<String> = changes.map(line).collect();
    if lines.is_empty() {
        return "nothing changed".to_owned();
    }
    lines.join("\n")
}
