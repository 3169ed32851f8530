//! Who started a run by hand, and who answered what it held, as the audit trail says.

use domain::time::{date_and_time, later};
use domain::{AuditAction, Run, Trigger, WorkspaceId};
use jiff::SignedDuration;
use web::Problem;

use crate::api::audit_events::with_names;
use crate::app::App;

/// How long after a run an answer is looked for: only the newest run accepts answers, and without later ones for a
/// month nobody syncs.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_hours(31 * 24);
/// A run is asked for before it is stored, and the clocks of two functions differ a little.
const ASKED_AROUND: SignedDuration = SignedDuration::from_mins(1);

/// Who acted on a run.
#[derive(Debug, Default)]
pub(crate) struct WhoActed {
    pub(crate) started_by: Option<String>,
    /// Each answer with its time, a line each.
    pub(crate) answers: Vec<String>,
}

impl WhoActed {
    /// Reads who acted on a run; nothing for a night that held nothing.
    ///
    /// # Errors
    /// The 503 when DynamoDB does not answer.
    pub(crate) async fn on(app: &App, id: &WorkspaceId, run: &Run) -> Result<Self, Problem> {
        let asks = !run.held.is_empty() || !run.held_account_changes.is_empty();
        if !asks && run.trigger == Trigger::Schedule {
            return Ok(Self::default());
        }
        let until = if asks { ANSWERED_WITHIN } else { ASKED_AROUND };
        let time = (
            later(run.started_at, -ASKED_AROUND),
            later(run.started_at, until),
        );
        let events = app.store().audit_events_about_run(id, &run.run_id, time);
        let events = events.await?;
        let mut who = Self::default();
        for event in with_names(app, id, &events).await? {
            match event.action {
                AuditAction::RunStarted => who.started_by = Some(event.by_name),
                AuditAction::HeldDeletionsAllowed
                | AuditAction::HeldDeletionsRefused
                | AuditAction::AccountChangeAllowed
                | AuditAction::AccountChangeRefused => {
                    let at = date_and_time(event.at);
                    let what = event.action.label();
                    who.answers.push(format!("{at} {}: {what}", event.by_name));
                }
                _ => {}
            }
        }
        Ok(who)
    }
}
