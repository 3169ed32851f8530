//! `kitera restore`

use clap::Args;
use domain::AuditAction;
use jiff::Timestamp;
use serde_json::json;
use storage::bring_back::Difference;

use crate::audit::by_operator;
use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::table::table;

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// Restore the tables beside those in use, as they were at this second, such as 2026-11-23T16:00:00Z
    #[arg(
        long,
        value_name = "TIME",
        required_unless_present = "replace",
        conflicts_with = "replace"
    )]
    to: Option<Timestamp>,
    /// Give the restored tables the names of those in use, which are deleted
    #[arg(long)]
    replace: bool,
    /// What the names of the restored tables end with
    #[arg(long, default_value = "-restored", allow_hyphen_values = true)]
    suffix: String,
    #[command(flatten)]
    consent: Consent,
}

/// Restores all tables beside those in use and compares them, or replaces those in use by what was restored and
/// compared.
///
/// # Errors
/// [`KiteraError`] when the copies are not there or have no workspace, functions may still write, or AWS does not answer.
pub(crate) async fn run(stack: &Stack, args: &Restore) -> Result<Output, KiteraError> {
    let copies = stack.table_copies(&args.suffix)?;
    if let Some(second) = args.to {
        copies.make(second).await?;
    }
    let (store, copy) = (stack.store()?, stack.restored_store(&args.suffix)?);
    let compared = store.compare_tables(&copy).await?;
    let differences = differences(&compared);
    let is_empty = |(what, it): &(&str, Difference)| {
        *what == "workspaces" && it.coming_back + it.changing + it.same == 0
    };
    if compared.iter().any(is_empty) {
        return Err(KiteraError::Refused(format!(
            "the tables …{} have no workspace: they are not of a second at which this stack was in use. \
             Nothing was deleted.",
            args.suffix
        )));
    }
    if !args.replace {
        let next =
            "\nNothing was deleted. If this is the second you want: `kitera restore --replace`.";
        return Ok(Output::new(differences + next, &compared));
    }
    if stack.may_write().await? {
        return Err(KiteraError::Refused(
            "functions still take messages, and what they write would be lost: first `writers off` of the runbook. \
             Nothing was deleted."
                .to_owned(),
        ));
    }
    let what = format!(
        "Everything of all customers becomes what it was in the tables …{}:\n\n{differences}",
        args.suffix
    );
    args.consent
        .ask_for("the stack's name", stack.name(), &what)?;
    copies.take_the_place().await?;
    for id in store.workspace_ids().await? {
        let event = by_operator(AuditAction::WorkspaceBroughtBack);
        store.record_audit_event(&id, &event).await?;
    }
    // People who were erased since that second are users again. They are erased before anybody else can see them.
    stack.erase_person(&json!({ "action": "repeat" })).await?;
    let next = format!(
        "\nThe tables are replaced, and who was erased since then is erased again. The tables …{} cost until they are deleted.",
        args.suffix
    );
    Ok(Output::new(differences + &next, &compared))
}

fn differences(compared: &[(&'static str, Difference)]) -> String {
    let row = |(what, it): &(&'static str, Difference)| {
        let counts = [it.coming_back, it.changing, it.going, it.same];
        let counts = counts.iter().map(ToString::to_string);
        std::iter::once((*what).to_owned()).chain(counts).collect()
    };
    let rows: Vec<Vec<String>> = compared.iter().map(row).collect();
    table(&["TABLE", "COME BACK", "CHANGE", "GO", "STAY"], &rows)
}
