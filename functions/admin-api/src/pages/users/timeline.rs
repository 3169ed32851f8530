//! What happened to one user, newest first: in the runs, by their rows, and by admins and the user, by the audit trail.
//! It comes in parts, the newest first: a click reads one page of runs and eight logs, however many nights there were.

use std::collections::BTreeSet;

use domain::report::{Action, Outcome};
use domain::time::date_and_time;
use domain::{
    AuditEvent, Counts, EmailAddress, EmployeeCode, Mode, Run, RunId, User, UserId, Who,
    is_plain_id,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;
use web::Problem;

use crate::api::runs::log::log_of;
use crate::api::runs::log_rows::{LogRow, parse_rows_of};
use crate::app::App;
use crate::auth::page::PageUser;

/// How many runs a part looks at, at most. Most nights change nothing, and their logs are not read.
const RUNS: i32 = 30;
/// How many logs a part reads, at most: all at the same time, so that they take as long as one.
const LOGS: usize = 8;

/// The query of the timeline.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TimelineQuery {
    /// The id of a run; the timeline shows what was before it. Empty for the newest.
    before: String,
}

/// A part of what happened to a user.
#[derive(Default)]
pub(super) struct Timeline {
    pub(super) moments: Vec<Moment>,
    /// The query of the next older part; `None` when there is nothing older.
    pub(super) older: Option<String>,
    /// Whether this is not the newest part.
    pub(super) is_older: bool,
}

/// Something that happened to a user, once or night after night.
pub(super) struct Moment {
    at: Timestamp,
    /// The first time; `None` if it happened once.
    since: Option<Timestamp>,
    pub(super) what: String,
    pub(super) detail: String,
    /// Whether it needs somebody's attention.
    pub(super) is_trouble: bool,
    /// Who did it; empty if that is not for the reader.
    pub(super) by: String,
    /// The run in which it happened, the last one if there were several; `None` if it was not the sync.
    pub(super) run_id: Option<RunId>,
}

impl Moment {
    /// Returns when it happened, in Japan time.
    pub(super) fn when(&self) -> String {
        match self.since {
            None => date_and_time(self.at),
            Some(since) => format!("{} ～ {}", date_and_time(since), date_and_time(self.at)),
        }
    }

    fn of_row(run: &Run, row: LogRow) -> Self {
        let is_trouble = row.needs_attention();
        let what = if is_trouble {
            format!("{}: {}", row.action, row.outcome)
        } else {
            row.action
        };
        let detail = [row.cause, row.changes];
        let detail = detail.into_iter().filter(|text| !text.is_empty());
        Self {
            at: run.started_at,
            since: None,
            what,
            detail: detail.collect::<Vec<_>>().join(" "),
            is_trouble,
            by: "同期".into(),
            run_id: Some(run.run_id.clone()),
        }
    }

    /// Returns whether the same happened in a run before.
    fn repeats(&self, earlier: &Self) -> bool {
        self.run_id.is_some()
            && earlier.run_id.is_some()
            && (&self.what, &self.detail) == (&earlier.what, &earlier.detail)
    }
}

impl Timeline {
    /// Returns the part that the query asks for. Only a システム管理者 learns which admin did something, as in
    /// 操作履歴.
    ///
    /// # Errors
    /// The 500 or 503 when runs, logs or the audit trail cannot be read.
    pub(super) async fn of(
        app: &App,
        admin: &PageUser,
        user: &User,
        query: &TimelineQuery,
    ) -> Result<Self, Problem> {
        let (id, store) = (admin.workspace_id(), app.store());
        let before = Some(&*query.before).filter(|before| is_plain_id(before));
        let before = before.map(RunId::new);
        let until = match &before {
            Some(before) => {
                let run = store.run(id, before, Mode::Apply).await?;
                run.map(|run| run.started_at)
            }
            None => None,
        };
        let mut runs = store.runs(id, before.as_ref(), RUNS).await?;
        let is_whole_page = runs.len() == RUNS as usize;
        let is_cut = cut_after_logs(&mut runs);
        let oldest = runs.last().filter(|_| is_whole_page || is_cut);
        let since = oldest.map(|run| run.started_at);
        let older = oldest.map(|run| {
            let run_id = byte_serialize(run.run_id.as_str().as_bytes());
            format!("before={}", run_id.collect::<String>())
        });
        let mut moments = rows(app, user, &runs).await?;
        let events = store.audit_events_about(id, &user.user_id, since, until);
        let events = events.await?;
        moments.extend(actions(app, admin, user, events).await?);
        moments.sort_by_key(|moment| std::cmp::Reverse(moment.at));
        Ok(Self {
            moments: folded(moments),
            older,
            is_older: before.is_some(),
        })
    }
}

/// Leaves out the runs after those whose logs are read. Returns whether there were any.
fn cut_after_logs(runs: &mut Vec<Run>) -> bool {
    let mut with_logs = runs.iter().enumerate().filter(|(_, run)| has_news(run));
    let Some((first_left_out, _)) = with_logs.nth(LOGS) else {
        return false;
    };
    runs.truncate(first_left_out);
    true
}

/// Returns what the runs say about the user, but for nights in which nothing changed.
async fn rows(app: &App, user: &User, runs: &[Run]) -> Result<Vec<Moment>, Problem> {
    let email = user.email.as_ref().map(EmailAddress::as_str);
    let code = user.code.as_ref().map(EmployeeCode::as_str);
    let identifiers: Vec<&str> = email.into_iter().chain(code).collect();
    let person = (user.user_id.as_str(), &*identifiers);
    let runs = runs.iter().filter(|run| has_news(run));
    let of_runs = runs.map(|run| rows_of_run(app, run, person));
    let of_runs: Vec<_> = of_runs.collect();
    let moments: Vec<Vec<Moment>> = stream::iter(of_runs).buffered(LOGS).try_collect().await?;
    Ok(moments.into_iter().flatten().collect())
}

/// Returns whether a run did or said anything about anybody: most nights do not, and their logs need not be read.
fn has_news(run: &Run) -> bool {
    let quiet = Counts {
        unchanged: run.counts.unchanged,
        ..Counts::default()
    };
    run.counts != quiet
}

async fn rows_of_run(
    app: &App,
    run: &Run,
    (user_id, identifiers): (&str, &[&str]),
) -> Result<Vec<Moment>, Problem> {
    let log = log_of(app, run).await?.unwrap_or_default();
    let rows = parse_rows_of(&log, user_id, identifiers).map_err(|error| {
        tracing::error!(%error, run = %run.run_id, "a sync log cannot be read");
        Problem::internal()
    })?;
    let says_something = |row: &LogRow| {
        row.action != Action::Unchanged.label() || row.outcome != Outcome::Success.label()
    };
    let rows = rows.into_iter().filter(says_something);
    Ok(rows.map(|row| Moment::of_row(run, row)).collect())
}

/// Returns what admins and the user did.
async fn actions(
    app: &App,
    admin: &PageUser,
    user: &User,
    events: Vec<AuditEvent>,
) -> Result<Vec<Moment>, Problem> {
    let may_know_who = admin.signed_in.user.role == domain::Role::SystemAdministrator;
    let authors: BTreeSet<&UserId> = events
        .iter()
        .filter_map(|event| match &event.who {
            Who::User(user_id) if may_know_who => Some(user_id),
            Who::User(_) | Who::Operator => None,
        })
        .collect();
    let names = app.store().names_of_users(admin.workspace_id(), authors);
    let names = names.await?;
    let moment = |event: &AuditEvent| {
        let changed = event.changes.iter().map(|change| change.field.label());
        let changed: Vec<&str> = changed.collect();
        Moment {
            at: event.at,
            since: None,
            what: event.action.label().to_owned(),
            detail: changed.join("、"),
            is_trouble: false,
            by: match &event.who {
                Who::User(user_id) if *user_id == user.user_id => "本人".to_owned(),
                Who::User(user_id) => names.get(user_id).cloned().unwrap_or_default(),
                Who::Operator => "サポート".to_owned(),
            },
            run_id: None,
        }
    };
    Ok(events.iter().map(moment).collect())
}

/// Makes one moment of what happened in several runs one after the other.
fn folded(moments: Vec<Moment>) -> Vec<Moment> {
    let mut folded: Vec<Moment> = Vec::new();
    for moment in moments {
        match folded.last_mut() {
            Some(later) if later.repeats(&moment) => later.since = Some(moment.at),
            _ => folded.push(moment),
        }
    }
    folded
}
