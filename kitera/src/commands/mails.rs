//! `kitera mails`

use clap::Args;
use domain::time::date_and_time;
use domain::{AuditAction, WorkspaceId};
use jiff::Timestamp;
use serde::Serialize;
use storage::outbox::WaitingMail;

use crate::audit::by_operator;
use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::table::table;
use crate::workspace_ref::workspace;

#[derive(Debug, Args)]
pub(crate) struct Mails {
    /// A company code or workspace id; left out: all workspaces
    #[arg(value_name = "WS")]
    workspace: Option<String>,
    /// Ask for their delivery now
    #[arg(long, requires = "workspace")]
    retry: bool,
    #[command(flatten)]
    consent: Consent,
}

/// A mail that waits. Its id names users by id.
#[derive(Debug, Serialize)]
struct Waiting {
    workspace_id: WorkspaceId,
    mail_id: String,
    created_at: Timestamp,
    /// When it was postponed to, in epoch seconds.
    postponed_until: Option<i64>,
}

/// Lists the mails that wait in the outbox, oldest first, and asks for their delivery if told to.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or AWS does not answer.
pub(crate) async fn run(stack: &Stack, args: &Mails) -> Result<Output, KiteraError> {
    let store = stack.store()?;
    let mut mails = store.all_waiting_mails().await?;
    mails.sort_by_key(|mail| mail.created_at);
    let Some(named) = &args.workspace else {
        return Ok(listed(mails, ""));
    };
    let workspace = workspace(&store, named).await?;
    let id = &workspace.workspace_id;
    mails.retain(|mail| mail.workspace_id == *id);
    if !args.retry || mails.is_empty() {
        return Ok(listed(mails, ""));
    }
    let what = format!(
        "{} mails of {} are tried again now.",
        mails.len(),
        workspace.name
    );
    args.consent.ask(&workspace.company_code, &what)?;
    let event = by_operator(AuditAction::MailsAskedAgain);
    store.record_audit_event(id, &event).await?;
    let ids: Vec<String> = mails.iter().map(|mail| mail.mail_id.clone()).collect();
    stack.queues()?.send_mails(id, &ids).await?;
    Ok(listed(
        mails,
        "\nasked for; one that still waits in some minutes has a cause: see the log of mail-delivery",
    ))
}

fn listed(mails: Vec<WaitingMail>, note: &str) -> Output {
    let waiting: Vec<Waiting> = mails
        .into_iter()
        .map(|mail| Waiting {
            workspace_id: mail.workspace_id,
            mail_id: mail.mail_id,
            created_at: mail.created_at,
            postponed_until: mail.postponed_until,
        })
        .collect();
    let row = |mail: &Waiting| {
        let postponed = mail
            .postponed_until
            .and_then(|until| Timestamp::from_second(until).ok());
        vec![
            mail.workspace_id.to_string(),
            date_and_time(mail.created_at),
            postponed.map_or_else(|| "-".to_owned(), date_and_time),
            mail.mail_id.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = waiting.iter().map(row).collect();
    let text = if rows.is_empty() {
        "no mail waits".to_owned()
    } else {
        table(
            &["WORKSPACE", "SINCE (JAPAN)", "POSTPONED TO", "MAIL"],
            &rows,
        )
    };
    Output::new(text + note, &waiting)
}
