use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{Value, json};

use crate::{Clock, Error, lambda::Lambda, mailbox::Mailbox, tables::Tables};

/// The runs of a night must be over within this time.
const PATIENCE_WITH_RUNS: Duration = Duration::from_mins(10);
/// While mails are on their way, one must arrive within this time.
const PATIENCE_WITH_A_MAIL: Duration = Duration::from_mins(1);
/// How often to look whether something is over.
const PAUSE: Duration = Duration::from_millis(50);

/// A night that is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Night {
    /// When it began.
    pub now: Timestamp,
    /// The finished run records, one per workspace, as they stand in the table.
    pub runs: Vec<Value>,
}

/// Makes nights happen, and knows when everything that they set off is done.
#[derive(Debug, Clone)]
pub(crate) struct Nights {
    pub(crate) clock: Clock,
    pub(crate) lambda: Lambda,
    pub(crate) tables: Tables,
    pub(crate) mailbox: Mailbox,
    pub(crate) http: reqwest::Client,
    /// ministack's address.
    pub(crate) endpoint: String,
}

/// What nightly-sync answers.
#[derive(Deserialize)]
struct Dispatch {
    dispatched: Vec<DispatchedRun>,
}

#[derive(Deserialize)]
struct DispatchedRun {
    workspace_id: String,
    run_id: String,
}

impl Nights {
    /// Does now what the schedule does at 02:00, and waits until every run is finished and every mail
    /// has arrived.
    ///
    /// # Errors
    /// A function failed, or ten minutes were not enough.
    pub(crate) async fn night(&self) -> Result<Night, Error> {
        let now = self.clock.now();
        // EventBridge Scheduler writes whole seconds.
        let event = json!({ "scheduled_at": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string() });
        let answer = self.lambda.invoke("nightly-sync", &event).await?;
        let Dispatch { dispatched } =
            serde_json::from_value(answer).map_err(|error| Error::Malformed {
                what: "nightly-sync's answer",
                reason: error.to_string(),
            })?;

        let started = Instant::now();
        let mut runs = Vec::new();
        for run in &dispatched {
            runs.push(self.finished(run, started).await?);
        }
        self.mails_arrived().await?;
        Ok(Night { now, runs })
    }

    /// Waits until no mail is on its way any more.
    ///
    /// # Errors
    /// None came for a minute: something is wrong with one.
    pub(crate) async fn mails_arrived(&self) -> Result<(), Error> {
        let mut arrived = self.mailbox.count();
        let mut since = Instant::now();
        // First the outbox, then SES: a mail leaves the one only when the other has it.
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

    /// How many mails SES has accepted; ministack passes each on in its own time afterwards.
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
