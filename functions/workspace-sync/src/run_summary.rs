//! The summary of a run, for the log and for operators.

use domain::{Counts, Mode, RunId, RunOutcome, WorkspaceId};
use serde::Serialize;
use storage::queues::RunMessage;
use sync::InvocationOutcome;

/// The summary of a run. It contains no personal data.
#[derive(Debug, Serialize)]
pub(crate) struct RunSummary {
    workspace_id: WorkspaceId,
    run_id: RunId,
    mode: Mode,
    state: RunState,
    outcome: Option<RunOutcome>,
    counts: Option<Counts>,
    failure: Option<&'static str>,
    log_key: Option<String>,
}

/// The state of a run after its message was processed.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(into = "&'static str")]
enum RunState {
    Ended,
    Reflected,
    EndedBefore,
    Continues,
    Waits,
    AwaitsRetry,
    NothingToDo,
}

impl From<RunState> for &'static str {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Ended => "ended",
            RunState::Reflected => "in the entry of the day",
            RunState::EndedBefore => "ended before",
            RunState::Continues => "continues in a further message",
            RunState::Waits => "waits for another run",
            RunState::AwaitsRetry => "waits for SmartHR",
            RunState::NothingToDo => "nothing to do",
        }
    }
}

impl RunSummary {
    pub(crate) fn new(message: &RunMessage, done: InvocationOutcome) -> Self {
        let (state, run) = match done {
            InvocationOutcome::Ended(run) => (RunState::Ended, Some(run)),
            InvocationOutcome::Reflected { run, .. } => (RunState::Reflected, Some(run)),
            InvocationOutcome::EndedBefore(run) => (RunState::EndedBefore, Some(run)),
            InvocationOutcome::Continues => (RunState::Continues, None),
            InvocationOutcome::Postponed => (RunState::Waits, None),
            InvocationOutcome::AwaitsRetry => (RunState::AwaitsRetry, None),
            InvocationOutcome::NothingToDo => (RunState::NothingToDo, None),
        };
        let failure = run.as_ref().and_then(|run| run.failure.as_ref());
        Self {
            workspace_id: message.workspace_id.clone(),
            run_id: message.run_id.clone(),
            mode: message.mode,
            state,
            outcome: run.as_ref().map(|run| run.outcome),
            counts: run.as_ref().map(|run| run.counts),
            failure: failure.map(domain::RunFailure::code),
            log_key: run.and_then(|run| run.log_key),
        }
    }

    /// Writes the line of the run: a warning if the whole run failed.
    pub(crate) fn log(&self) {
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    state = <&str>::from(self.state),
                    outcome = self.outcome.map(RunOutcome::wire_name),
                    reason = self.failure,
                    invited = self.counts.map(|counts| counts.invited),
                    reinvited = self.counts.map(|counts| counts.reinvited),
                    registered = self.counts.map(|counts| counts.registered),
                    updated = self.counts.map(|counts| counts.updated),
                    deleted = self.counts.map(|counts| counts.deleted),
                    failed = self.counts.map(|counts| counts.failed),
                    unchanged = self.counts.map(|counts| counts.unchanged),
                    out_of_scope = self.counts.map(|counts| counts.out_of_scope),
                    held = self.counts.map(|counts| counts.held),
                    waiting = self.counts.map(|counts| counts.waiting),
                    "run"
                )
            };
        }
        if self.failure.is_some() {
            line!(warn);
        } else {
            line!(info);
        }
    }
}
