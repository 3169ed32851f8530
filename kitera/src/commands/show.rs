//! `kitera show`

use std::fmt::Write;

use clap::Args;
use domain::time::date_and_time;
use domain::{
    Connection, ConnectionState, ImmediateSync, RunId, WaitsForAdmin, Workspace, WorkspaceId,
};
use jiff::Timestamp;
use serde::Serialize;
use storage::outbox::WaitingMail;
use storage::seats_and_lease::SeatsAndLease;
use storage::{Store, StoreError};

use crate::commands::workspaces::connection_words;
use crate::error::KiteraError;
use crate::last_run::LastRun;
use crate::output::Output;
use crate::stack::Stack;
use crate::table::table;
use crate::workspace_ref::id_of;

/// How many runs are shown.
const RUNS: i32 = 7;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
}

/// A workspace without its people.
#[derive(Debug, Default, Serialize)]
struct Shown {
    workspace_id: String,
    company_code: String,
    name: String,
    seats: u32,
    users: u32,
    allowed_domains: Vec<String>,
    single_sign_on: bool,
    connection: Option<ConnectionState>,
    company: Option<String>,
    pending_company: Option<String>,
    sync: bool,
    immediate_sync: Option<ImmediateSync>,
    target: Option<&'static str>,
    login_method: Option<&'static str>,
    run_under_way: Option<RunId>,
    deletions_held: usize,
    account_changes_held: usize,
    waiting_mails: usize,
    oldest_waiting_mail: Option<Timestamp>,
    invitations_paused_since: Option<Timestamp>,
    runs: Vec<LastRun>,
    /// What cannot be read, and why.
    unreadable: Vec<String>,
}

/// Shows one workspace. What cannot be read is named, and the rest is shown.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace.
pub(crate) async fn run(stack: &Stack, args: &Show) -> Result<Output, KiteraError> {
    let store = &stack.store()?;
    let id = id_of(store, &args.workspace).await?;
    let shown = read(store, &id, lambda::clock::now()).await;
    Ok(Output::new(shown.text(), &shown))
}

async fn read(store: &Store, id: &WorkspaceId, now: Timestamp) -> Shown {
    let mut shown = Shown {
        workspace_id: id.to_string(),
        ..Shown::default()
    };
    match store.workspace(id).await {
        Ok(Some(workspace)) => shown.workspace(&workspace),
        Ok(None) => shown.unreadable.push("there is no such workspace".into()),
        Err(error) => shown.cannot_read(&error),
    }
    match store.connection(id).await {
        Ok(Some(connection)) => shown.connection(&connection),
        Ok(None) => {}
        Err(error) => shown.cannot_read(&error),
    }
    match store.seats_and_lease(id).await {
        Ok(seats) => shown.seats(&seats, now),
        Err(error) => shown.cannot_read(&error),
    }
    let under_way = shown.run_under_way.clone();
    // Nothing of the users is shown, but one that cannot be read fails every night, and is on no page.
    match store.all_users(id).await {
        Ok(all) => {
            let users = all.unreadable.iter();
            let lines = users.map(|user| format!("user {}: {}", user.user_id, user.attribute));
            shown.unreadable.extend(lines);
        }
        Err(error) => shown.cannot_read(&error),
    }
    match store.runs(id, None, RUNS).await {
        Ok(runs) => {
            let of_run = |run| LastRun::of(run, under_way.as_ref(), now);
            shown.runs = runs.iter().map(of_run).collect();
        }
        Err(error) => shown.cannot_read(&error),
    }
    match store.all_waiting_mails().await {
        Ok(mails) => shown.mails(mails.iter().filter(|mail| mail.workspace_id == *id)),
        Err(error) => shown.cannot_read(&error),
    }
    match store.invitation_pause(id).await {
        Ok(pause) => shown.invitations_paused_since = pause.map(|pause| pause.since),
        Err(error) => shown.cannot_read(&error),
    }
    shown
}

impl Shown {
    fn cannot_read(&mut self, error: &StoreError) {
        self.unreadable.push(error.to_string());
    }

    fn workspace(&mut self, workspace: &Workspace) {
        self.company_code.clone_from(&workspace.company_code);
        self.name.clone_from(&workspace.name);
        self.seats = workspace.seats;
        self.allowed_domains.clone_from(&workspace.allowed_domains);
        self.single_sign_on = workspace.sso_configured();
    }

    fn connection(&mut self, connection: &Connection) {
        self.connection = Some(connection.state);
        self.company = Some(connection.company.name.clone());
        self.pending_company = connection.pending.as_ref().map(|it| it.name.clone());
        self.sync = connection.settings.enabled;
        self.immediate_sync = Some(connection.immediate_sync());
        self.target = Some(connection.settings.target.label());
        self.login_method = Some(connection.settings.login_method.label());
        let waits = WaitsForAdmin::of(Some(connection));
        self.deletions_held = waits.deletions;
        self.account_changes_held = waits.account_changes;
    }

    fn seats(&mut self, seats: &SeatsAndLease, now: Timestamp) {
        self.users = seats.users;
        self.run_under_way = seats.running(now).cloned();
    }

    fn mails<'a>(&mut self, mails: impl Iterator<Item = &'a WaitingMail>) {
        for mail in mails {
            self.waiting_mails += 1;
            let oldest = self.oldest_waiting_mail.get_or_insert(mail.created_at);
            *oldest = mail.created_at.min(*oldest);
        }
    }

    fn text(&self) -> String {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let time = |time: Option<Timestamp>| time.map_or_else(|| "-".to_owned(), date_and_time);
        let domains = match self.allowed_domains.join(", ") {
            none if none.is_empty() => "any".to_owned(),
            domains => domains,
        };
        let mails = match self.oldest_waiting_mail {
            Some(oldest) => format!("{}, since {}", self.waiting_mails, date_and_time(oldest)),
            None => "0".to_owned(),
        };
        let facts = [
            (
                "workspace",
                format!("{} {} {}", self.company_code, self.name, self.workspace_id),
            ),
            ("users", format!("{} of {} seats", self.users, self.seats)),
            ("allowed domains", domains),
            (
                "single sign-on",
                if self.single_sign_on { "on" } else { "off" }.to_owned(),
            ),
            ("connection", connection_words(self.connection).to_owned()),
            ("SmartHR company", or_none(&self.company)),
            ("pending company", or_none(&self.pending_company)),
            ("sync", if self.sync { "on" } else { "off" }.to_owned()),
            (
                "immediate sync",
                immediate_words(self.immediate_sync).to_owned(),
            ),
            ("同期対象", self.target.unwrap_or("-").to_owned()),
            ("認証方法", self.login_method.unwrap_or("-").to_owned()),
            (
                "run under way",
                or_none(&self.run_under_way.as_ref().map(ToString::to_string)),
            ),
            ("deletions held", self.deletions_held.to_string()),
            (
                "account changes held",
                self.account_changes_held.to_string(),
            ),
            ("mails waiting", mails),
            ("invitations paused", time(self.invitations_paused_since)),
        ];
        let rows: Vec<Vec<String>> = facts
            .map(|(fact, value)| vec![fact.to_owned(), value])
            .into();
        let mut text = table(&[], &rows);
        for why in &self.unreadable {
            _ = writeln!(text, "CANNOT BE READ        {why}");
        }
        let runs = self
            .runs
            .iter()
            .map(|run| vec![run.run_id.to_string(), run.line()]);
        text.push('\n');
        text.push_str(&table(
            &["RUN", "STARTED (JAPAN)"],
            &runs.collect::<Vec<_>>(),
        ));
        text
    }
}

fn immediate_words(state: Option<ImmediateSync>) -> &'static str {
    match state {
        Some(ImmediateSync::Active) => "active",
        Some(ImmediateSync::Preparing) => "preparing",
        Some(ImmediateSync::Unavailable) => "unavailable",
        Some(ImmediateSync::Off) => "off",
        None => "-",
    }
}
