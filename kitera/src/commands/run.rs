//! `kitera run`

use std::fmt::Write;

use clap::Args;
use serde_json::{Value, json};

use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::workspace_ref::workspace;

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    /// Sync this person only, by the employee code in SmartHR
    #[arg(long, value_name = "CODE")]
    person: Option<String>,
    #[command(flatten)]
    consent: Consent,
}

/// Has workspace-sync run a workspace now, or one person of it.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or SmartHR or AWS does not answer.
pub(crate) async fn run(stack: &Stack, args: &Run) -> Result<Output, KiteraError> {
    let workspace = workspace(&stack.store()?, &args.workspace).await?;
    let whom = args.person.as_deref().map(str::trim);
    let what = match whom {
        None => format!(
            "The sync of {} runs now: people are invited, changed and deleted.",
            workspace.name
        ),
        Some(code) => format!(
            "The person of {} with the employee code {code} is synced now: invited, changed or deleted.",
            workspace.name
        ),
    };
    args.consent.ask(&workspace.company_code, &what)?;
    let mut event = json!({ "workspace_id": workspace.workspace_id });
    if let Some(code) = whom {
        event["employee_code"] = code.into();
    }
    let answer = stack.invoke("workspace-sync", &event).await?;
    Ok(summary(&answer))
}

/// Returns what workspace-sync says about a run or a preview.
pub(crate) fn summary(answer: &Value) -> Output {
    let run = &answer["runs"][0];
    let word = |name: &str| run[name].as_str().unwrap_or("-").to_owned();
    let mut text = format!(
        "{} {}\noutcome  {}\nreason   {}\n",
        word("run_id"),
        word("state"),
        word("outcome"),
        word("failure")
    );
    let counts = run["counts"].as_object().into_iter().flatten();
    for (what, count) in counts.filter(|(_, count)| **count != json!(0)) {
        _ = writeln!(text, "{what}: {count}");
    }
    Output::new(text, run)
}
