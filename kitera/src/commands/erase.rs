//! `kitera erase`

use clap::Args;
use serde_json::{Value, json};

use crate::consent::Consent;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;
use crate::workspace_ref::workspace;

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    /// The person's user id (usr_…, in ユーザー管理 → 削除済みユーザー), address or employee code
    #[arg(value_name = "PERSON")]
    person: String,
    /// Another address that the person had; the logs name it
    #[arg(long = "email", value_name = "ADDRESS")]
    emails: Vec<String>,
    /// Another employee code that the person had
    #[arg(long = "code", value_name = "CODE")]
    codes: Vec<String>,
    /// A name that the person has or had, as the logs show it
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    consent: Consent,
}

/// Has erase-person erase somebody who is no user any more.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or the person is still a user. Repeated, it goes on.
pub(crate) async fn run(stack: &Stack, args: &Erase) -> Result<Output, KiteraError> {
    let workspace = workspace(&stack.store()?, &args.workspace).await?;
    let mut request = json!({ "workspace_id": workspace.workspace_id, "names": args.names });
    let (mut emails, mut codes) = (args.emails.clone(), args.codes.clone());
    if args.person.starts_with("usr_") {
        request["user_id"] = json!(args.person);
    } else if args.person.contains('@') {
        emails.push(args.person.clone());
    } else {
        codes.push(args.person.clone());
    }
    request["emails"] = json!(emails);
    request["employee_codes"] = json!(codes);

    request["action"] = json!("preview");
    let known = stack.invoke("erase-person", &request).await?;
    let uncounted = match known["unread_logs"].as_u64() {
        None | Some(0) => String::new(),
        Some(logs) => {
            format!(" And what {logs} more logs say, which are too many to be counted now.")
        }
    };
    let what = format!(
        "This of {} is erased for good: {}.{uncounted}",
        workspace.name,
        places(&known)
    );
    args.consent.ask(&workspace.company_code, &what)?;
    request["action"] = json!("erase");
    let erased = stack.erase_person(&request).await?;
    Ok(Output::new(format!("erased: {}", places(&erased)), &erased))
}

/// Returns in how many places the person is, or was, known.
fn places(answer: &Value) -> String {
    let places = answer.as_object().into_iter().flatten();
    let counted = places.filter_map(|(place, count)| {
        if place == "unread_logs" {
            return None;
        }
        let count = count.as_u64().filter(|count| *count > 0)?;
        Some(format!("{count} {}", place.replace('_', " ")))
    });
    match counted.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "nothing that names the person".to_owned(),
        counted => counted,
    }
}
