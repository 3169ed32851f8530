//! `kitera preview`

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use crate::commands::run::summary;
use crate::error::KiteraError;
use crate::output::Output;
use crate::person_lines::{PersonLine, lines_of_log, table_of};
use crate::stack::Stack;
use crate::workspace_ref::id_of;

#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    /// Show the lines about one person: what the run would do with them, and why not. Personal data, so only when asked
    /// for
    #[arg(long, value_name = "CODE|EMAIL")]
    person: Option<String>,
}

/// A preview, and one person's lines of it.
#[derive(Debug, Serialize)]
struct OfPerson {
    preview: Value,
    lines: Vec<PersonLine>,
}

/// Has workspace-sync plan a run, which changes nobody.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or SmartHR or AWS does not answer.
pub(crate) async fn run(stack: &Stack, args: &Preview) -> Result<Output, KiteraError> {
    let id = id_of(&stack.store()?, &args.workspace).await?;
    let event = json!({ "workspace_id": id, "mode": "preview" });
    let answer = stack.invoke("workspace-sync", &event).await?;
    let summary = summary(&answer);
    match &args.person {
        None => Ok(summary),
        Some(who) => of_person(stack, &answer["runs"][0], who.trim(), &summary).await,
    }
}

/// Adds the lines about a person. The plan itself is of everybody, because people may depend on each other: the counts
/// are of all.
async fn of_person(
    stack: &Stack,
    preview: &Value,
    who: &str,
    summary: &Output,
) -> Result<Output, KiteraError> {
    let log = match preview["log_key"].as_str() {
        Some(key) => stack.logs()?.get(key).await?,
        None => None,
    };
    let lines = lines_of_log(&log.unwrap_or_default(), lambda::clock::now(), who)?;
    let text = if lines.is_empty() {
        "the preview has no line about this person: neither SmartHR nor KiteRa has the code or address".to_owned()
    } else {
        table_of(&lines)
    };
    let text = format!("{}\n{text}", summary.text());
    let preview = preview.clone();
    Ok(Output::new(text, &OfPerson { preview, lines }))
}
