//! The first record of a run, or the state that an earlier invocation left.

use credentials::CredentialSeed;
use domain::RunId;
use domain::{ProposedSettings, Run, RunOutcome};
use jiff::Timestamp;
use storage::queues::RunMessage;
use storage::runs::RunStart;

use crate::apply::AppliedSteps;
use crate::run::{RunError, Runner};

/// The state of a run at the start of an invocation.
pub(crate) enum BegunRun {
    /// The run is new, or earlier invocations applied these steps.
    Unfinished(Run, AppliedSteps),
    /// The run ended in an earlier invocation.
    Ended(Run),
}

impl Runner {
    /// Stores that the run of `message` begins, or reads its progress.
    pub(crate) async fn begin(&self, message: &RunMessage) -> Result<BegunRun, RunError> {
        let id = &message.workspace_id;
        let fresh = self.new_run(message);
        let begun = self.store.begin_run(id, &fresh, (self.clock)()).await?;
        Ok(match begun {
            RunStart::New => BegunRun::Unfinished(fresh, AppliedSteps::default()),
            RunStart::Existing(run) if run.outcome == RunOutcome::Running => {
                let applied = AppliedSteps {
                    rows: self.store.rows(id, &run.run_id).await?.whole()?,
                    ..AppliedSteps::default()
                };
                BegunRun::Unfinished(*run, applied)
            }
            RunStart::Existing(run) => BegunRun::Ended(*run),
        })
    }

    /// Returns the record of a run that is about to begin.
    pub(crate) fn new_run(&self, message: &RunMessage) -> Run {
        let seed = CredentialSeed::generate(&self.random);
        let started_at = started_at(&message.run_id).unwrap_or_else(self.clock);
        let run_id = message.run_id.clone();
        Run {
            password_seed: Some(seed.expose_to_store().into()),
            proposed: message.proposed_settings.clone().map(|settings| {
                let settings = *settings;
                Box::new(ProposedSettings {
                    settings,
                    instead_of: None,
                    effect: None,
                })
            }),
            ..Run::begun(run_id, message.trigger, message.mode, started_at)
        }
    }
}

/// Returns the start that a run's id names: exactly 02:00 for a scheduled run, whenever its message
/// arrived.
fn started_at(run_id: &RunId) -> Option<Timestamp> {
    let (start, _) = run_id.as_str().split_once('-')?;
    let start = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", start).ok()?;
    start
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|start| start.timestamp())
}
