//! A run in the terms of the screen.

use domain::{ChangesByDay, Connection, OutageRetry, Run, RunFailure, RunOutcome};
use jiff::{SignedDuration, Timestamp};
use storage::seats_and_lease::SeatsAndLease;

use domain::text::people;
use domain::time::{date_and_time, hour_and_minute, slashed_date};

use super::count::Count;
use crate::api::runs::account_changes::open_questions;
use crate::api::runs::held_deletions::unanswered;
use crate::api::runs::start::is_under_way;

/// The data of a run that templates show.
pub(crate) struct RunLine {
    pub(crate) id: String,
    /// The CSS class: `success`, `failure` or `running`.
    pub(crate) outcome: &'static str,
    /// The label: 成功, 失敗, 実行中 or 再実行待ち.
    pub(crate) outcome_label: &'static str,
    /// The start of the run, in Japan time; only the day of an entry that has a day's immediate changes.
    pub(crate) started: String,
    /// The end of the run, in Japan time; empty while it is under way.
    pub(crate) finished: String,
    /// How long it took, such as 3分12秒; empty while it is under way.
    pub(crate) duration: String,
    pub(crate) trigger: &'static str,
    /// How many people there are of each category, without those that are nobody's.
    pub(crate) counts: Vec<Count>,
    /// 原因 and 対処; `None` unless the run failed as a whole.
    pub(crate) failure: Option<(String, &'static str)>,
    pub(crate) log_available: bool,
    /// Whether SmartHR had stopped to report changes, and the run started that again.
    pub(crate) webhook_enabled_again: bool,
    pub(crate) held: usize,
    /// Why deletions are held, to be continued after a comma.
    pub(crate) held_because: &'static str,
    /// What waits for an answer, a sentence each.
    pub(crate) waiting: Vec<String>,
    /// The numbers of people done and of all people, once they are known.
    pub(crate) progress: Option<(u32, u32)>,
    /// When the run is tried again, and why, as a sentence; `None` unless it waits for SmartHR.
    pub(crate) retry: Option<String>,
    /// 即時反映済み and 夜に見つかった, of a night; `None` if that is unknown.
    pub(crate) by_day: Option<String>,
    /// Whether the page reloads itself, because the run is under way.
    pub(crate) refresh: bool,
}

impl RunLine {
    /// Creates the line of a run; `lease` has the progress of the run under way, and `connection` is the
    /// one that accepts answers about this run, if any.
    pub(crate) fn of(
        run: &Run,
        lease: &SeatsAndLease,
        connection: Option<&Connection>,
        now: Timestamp,
    ) -> Self {
        let (outcome, outcome_label) = match run.outcome {
            RunOutcome::Running if run.waits_for(now).is_some() => ("running", "再実行待ち"),
            RunOutcome::Running => ("running", "実行中"),
            RunOutcome::Success => ("success", "成功"),
            RunOutcome::Failure => ("failure", "失敗"),
        };
        let of_a_day = run.is_day_entry();
        let running = run.outcome == RunOutcome::Running;
        let known = lease.holder.as_ref() == Some(&run.run_id) && lease.total > 0;
        Self {
            id: run.run_id.to_string(),
            outcome,
            outcome_label,
            started: if of_a_day {
                slashed_date(run.started_at)
            } else {
                date_and_time(run.started_at)
            },
            finished: run.finished_at.map(date_and_time).unwrap_or_default(),
            duration: run
                .finished_at
                .filter(|_| !of_a_day)
                .map(|at| duration(at.duration_since(run.started_at)))
                .unwrap_or_default(),
            trigger: run.trigger.label(),
            counts: Count::of_run(run.counts),
            failure: run
                .failure
                .as_ref()
                .map(|failure| (failure.cause(), failure.remedy())),
            log_available: run.log_key.is_some(),
            webhook_enabled_again: run.webhook_enabled_again,
            held: run.held.len(),
            held_because: run.held_because.label(),
            waiting: waiting(run, connection),
            progress: (running && known).then_some((lease.done, lease.total)),
            retry: run.waits_for(now).map(retry),
            by_day: run.by_day.map(by_day),
            refresh: is_under_way(run, now),
        }
    }
}

fn duration(took: SignedDuration) -> String {
    match (took.as_mins(), took.as_secs() % 60) {
        (0, seconds) => format!("{seconds}秒"),
        (minutes, seconds) => format!("{minutes}分{seconds}秒"),
    }
}

fn by_day(changes: ChangesByDay) -> String {
    let ChangesByDay { reflected, found } = changes;
    format!("即時反映済み {reflected}件、夜に見つかった {found}件")
}

fn retry(retry: &OutageRetry) -> String {
    let cause = retry.failure.cause();
    let time = hour_and_minute(retry.at);
    format!("{cause}。SmartHRの復旧を待って、{time}に再実行します。")
}

fn waiting(run: &Run, connection: Option<&Connection>) -> Vec<String> {
    let mut waiting = Vec::new();
    let account_changes = open_questions(run, connection);
    if account_changes > 0 {
        let account_changes = account_changes + run.more_account_changes;
        let lost = run.failure.as_ref().and_then(RunFailure::lost_field);
        let whose = if lost.is_some() { "" } else { "管理者の" };
        waiting.push(format!(
            "{whose}ログイン情報の変更を保留しました({})",
            people(account_changes)
        ));
    }
    let deletions = unanswered(run, connection);
    if deletions > 0 {
        waiting.push(format!(
            "退職による削除を保留しました({})",
            people(deletions)
        ));
    }
    waiting
}
