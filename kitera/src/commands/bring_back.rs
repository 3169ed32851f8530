//! `kitera bring-back`

use clap::Args;
use domain::{AuditAction, Connection};
use serde_json::json;
use storage::bring_back::{BroughtBack, Difference};

use crate::audit::by_operator;
use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::table::table;
use crate::workspace_ref::workspace;

#[derive(Debug, Args)]
pub(crate) struct BringBack {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    /// What the names of the restored tables end with, such as -restored
    #[arg(long = "from", value_name = "SUFFIX", allow_hyphen_values = true)]
    suffix: String,
    #[command(flatten)]
    consent: Consent,
}

/// Takes the users of one workspace from restored tables, and erases again who was erased since.
///
/// # Errors
/// [`KiteraError`] when the sync is on, or AWS does not answer. Repeated, it goes on.
pub(crate) async fn run(stack: &Stack, args: &BringBack) -> Result<Output, KiteraError> {
    let store = stack.store()?;
    let workspace = workspace(&store, &args.workspace).await?;
    let id = &workspace.workspace_id;
    let connection = store.connection(id).await?;
    let seats = store.seats_and_lease(id).await?;
    let runs_at_night = connection.as_ref().is_some_and(Connection::runs_at_night);
    if runs_at_night || seats.running(lambda::clock::now()).is_some() {
        return Err(KiteraError::Refused(format!(
            "a run could change {id} meanwhile: first `kitera stop {}`. Nothing was done.",
            workspace.company_code
        )));
    }
    let copy = stack.restored_store(&args.suffix)?;
    if copy.workspace(id).await?.is_none() {
        return Err(KiteraError::Refused(format!(
            "the tables …{} have no workspace {id}: it is younger than they are. Nothing was done.",
            args.suffix
        )));
    }
    let difference = store.bring_back(&copy, id, false).await?;
    let what = format!(
        "Users of {} become what they were in the tables …{}:\n\n{}",
        workspace.name,
        args.suffix,
        differences(&difference)
    );
    args.consent.ask(&workspace.company_code, &what)?;
    let event = by_operator(AuditAction::WorkspaceBroughtBack);
    store.record_audit_event(id, &event).await?;
    let done = store.bring_back(&copy, id, true).await?;
    // People who were erased since then are users again.
    stack.erase_person(&json!({ "action": "repeat" })).await?;
    let next = format!(
        "\nWho was erased since then is erased again. Next: `kitera preview {0}`, then `kitera start {0}`.",
        workspace.company_code
    );
    Ok(Output::new(differences(&done) + &next, &done))
}

fn differences(found: &BroughtBack) -> String {
    let row = |what: &str, it: Difference| {
        let counts = [it.coming_back, it.changing, it.going, it.same];
        let counts = counts.iter().map(ToString::to_string);
        std::iter::once(what.to_owned()).chain(counts).collect()
    };
    let rows = [
        row("users", found.users),
        row("addresses and codes", found.identifiers),
    ];
    table(&["WHAT", "COME BACK", "CHANGE", "GO", "STAY"], &rows)
}
