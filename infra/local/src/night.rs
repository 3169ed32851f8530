//! Plays the night: invokes nightly-sync and waits for runs and mails.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::invoke::Lambda;
use crate::mailbox::Mailbox;
use crate::tables::Tables;
use crate::{Clock, Error};

/// The time limit for all runs of a night.
const PATIENCE_WITH_RUNS: Duration = Duration::from_mins(10);
/// The time limit for the next mail while mails are being delivered.
const PATIENCE_WITH_A_MAIL: Duration = Duration::from_mins(1);
/// The pause between two checks.
const PAUSE: Duration = Duration::from_millis(50);

/// A night whose runs are over and whose mails have arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Night {
    /// The time at which the night began.
    pub now: Timestamp,
    /// The records of the finished runs as stored in the table, one per workspace.
    pub runs: Vec<Value>,
}

/// Runs nights, and waits for everything that they start.
#[derive(Debug, Clone)]
pub(crate) struct Nights {
    pub(crate) clock: Clock,
    pub(crate) lambda: Lambda,
    pub(crate) tables: Tables,
    pub(crate) mailbox: Mailbox,
    pub(crate) http: reqwest::Client,
    /// The address of ministack, for `AWS_ENDPOINT_URL`.
    pub(crate) endpoint: String,
}

/// The answer of nightly-sync.
#[derive(Deserialize)]
struct Dispatch {
    dispatched: Vec<DispatchedRun>,
}

/// A run that nightly-sync asked for.
#[derive(Debug, Clone, Deserialize)]
pub struct DispatchedRun {
    /// The workspace to sync.
    pub workspace_id: String,
    /// The run, which begins when workspace-sync takes its message.
    pub run_id: String,
}

impl Nights {
    /// Sends the schedule's event of a night at `scheduled_at`, and returns the runs that nightly-sync asked for.
    ///
    /// # Errors
    /// The function failed, or its answer is not understood.
    pub(crate) async fn begin(&self, scheduled_at: Timestamp) -> Result<Vec<DispatchedRun>, Error> {
        // EventBridge Scheduler writes whole seconds.
        let at = scheduled_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let event = json!({ "scheduled_at": at });
        let answer = self.lambda.invoke("nightly-sync", &event).await?;
        let Dispatch { dispatched } =
            serde_json::from_value(answer).map_err(|error| Error::Malformed {
                what: "nightly-sync's answer",
                reason: error.to_string(),
            })?;
        Ok(dispatched)
    }

    /// Runs a night now, as the schedule does at 02:00, and waits until every run has ended and every
    /// mail has arrived.
    ///
    /// # Errors
    /// A function failed, or the runs took more than ten minutes.
    pub(crate) async fn night(&self) -> Result<Night, Error> {
        let now = self.clock.now();
        let dispatched = self.begin(now).await?;

        let started = Instant::now();
        let mut runs = Vec::new();
        for run in &dispatched {
            runs.push(self.finished(run, started).await?);
        }
        self.mails_arrived().await?;
        Ok(Night { now, runs })
    }

    /// Waits until no mail is being delivered.
    ///
    /// # Errors
    /// No mail arrived for a minute although one was being delivered.
    pub(crate) async fn mails_arrived(&self) -> Result<(), Error> {
        let mut arrived = self.mailbox.count();
        let mut since = Instant::now();
        // The outbox comes first: a mail leaves it only when SES has the mail.
        while self.tables.has_waiting_mail().await? || self.accepted_mails().await? > arrived {
            pause(since, PATIENCE_WITH_A_MAIL, "sending mails").await?;
            let count = self.mailbox.count();
            if count > arrived {
                arrived = count;
                since = Instant::now();
            }
        }
        Ok(())
    }

    async fn finished(&self, run: &DispatchedRun, started: Instant) -> Result<Value, Error> {
        let DispatchedRun {
            workspace_id,
            run_id,
        } = run;
        loop {
            if let Some(record) = self.tables.finished_run(workspace_id, run_id).await? {
                return Ok(record);
            }
            let what = format!("run {run_id} of {workspace_id}");
            pause(started, PATIENCE_WITH_RUNS, &what).await?;
        }
    }

    /// Returns how many mails SES has accepted. ministack relays each of them some time later.
    async fn accepted_mails(&self) -> Result<usize, Error> {
        #[derive(Deserialize)]
        struct Accepted {
            messages: HashMap<String, Vec<IgnoredAny>>,
        }
        let address = format!("{}/_ministack/ses/messages", self.endpoint);
        let accepted: Accepted = self.http.get(address).send().await?.json().await?;
        Ok(accepted.messages.values().map(Vec::len).sum())
    }
}

async fn pause(since: Instant, patience: Duration, what: &str) -> Result<(), Error> {
    if since.elapsed() > patience {
        return Err(Error::Timeout {
            what: what.to_owned(),
            seconds: patience.as_secs(),
        });
    }
    tokio::time::sleep(PAUSE).await;
    Ok(())
}
