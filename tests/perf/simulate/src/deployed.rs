//! What the template and the code say: the numbers that a simulation is played with.

use crate::measured::WRITTEN;
use crate::quotas::TABLE_WRITE_UNITS;
use crate::scenario::Scenario;
use crate::time::{MINUTE, SECOND, Time};
use crate::written::{
    duration, file, memory, number, numbers, template, template_if_any, template_percent,
    template_says, template_says_of,
};

/// A function that receives messages.
#[derive(Clone, Copy, Debug)]
pub struct Receiver {
    /// Memory, in MB.
    pub memory: u64,
    /// Concurrent executions that it reserves, and may not exceed.
    pub reserved: u64,
    /// Batches that its event source lets it process at the same time.
    pub places: u64,
    /// Messages in a batch.
    pub batch: u64,
    /// How long an invocation may take.
    pub timeout: Time,
    /// How long a message is hidden that nobody answered for.
    pub visibility: Time,
    /// Receives after which a message becomes a dead letter.
    pub receives: u64,
}

impl Receiver {
    fn read(function: &str, source: &str, queue: &str) -> Self {
        Self {
            memory: memory(function),
            reserved: given(function, "ReservedConcurrentExecutions"),
            places: given(source, "MaximumConcurrency"),
            batch: template(source, "BatchSize"),
            timeout: template(function, "Timeout") * SECOND,
            visibility: template(queue, "VisibilityTimeout") * SECOND,
            receives: template(queue, "maxReceiveCount"),
        }
    }
}

/// The deployed product.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// workspace-sync, at the queue of the night.
    pub sync: Receiver,
    /// workspace-sync, at the queue of the day.
    pub sync_by_day: Receiver,
    /// mail-delivery.
    pub mail: Receiver,
    /// Memory of nightly-sync, in MB.
    pub dispatch_memory: u64,
    /// Batches that nightly-sync sends at the same time.
    pub dispatch_at_once: u64,
    /// Memory and timeout of night-watch.
    pub watch: (u64, Time),
    /// Write units a second that each table is ready for.
    pub warm: [u64; 3],
    /// Whether workspace-sync may send messages to itself without end.
    pub may_recurse: bool,
    /// Thresholds of `mails-wait`, `sync-queue-stalls` and `mail-queue-stalls`.
    pub longest_waits: [Time; 3],
    /// The part of SES's quota, in percent, beyond which `ses-quota-nearly-used` rings.
    pub quota_alarm: u64,
    /// The part of an hour's runs, in percent, beyond which `runs-fail` rings.
    pub failed_alarm: u64,
    /// How long one refresh of a token may take.
    pub refresh: Time,
    /// How long storing a rotated refresh token is tried.
    pub store_patience: Time,
    /// The bounds of the first wait before that is tried again, and of any.
    pub store_waits: [Time; 2],
    /// How long before its end an invocation begins no further step.
    pub last_step: Time,
    /// When a run comes again that SmartHR did not answer, after 02:00.
    pub attempts: Vec<Time>,
    /// The shortest time between two of them.
    pub between_attempts: Time,
    /// The waits of a message that failed: the first and the longest.
    pub again: (Time, Time),
    /// The longest delay of a message.
    pub longest_delay: Time,
    /// After which time a batch of mails begins no further one.
    pub last_beginning: Time,
    /// How long one mail waits for its turn at SES, and the longest single wait.
    pub ses_patience: (Time, Time),
    /// The part of SES's quota that invitations may use, in percent.
    pub invitations_share: u64,
    /// How long mails are postponed for which no quota is left: invitations, and others.
    pub postponed: (Time, Time),
    /// The time between two rounds of the sweeper, and the requests that it sends at the same time.
    pub sweeper: (Time, u64),
    /// How long a throttled transaction is repeated.
    pub throttled_patience: Time,
    /// The bounds of the first wait before it is, and of any.
    pub throttled_waits: [Time; 2],
}

/// Returns a number of the template, or the default of the parameter that it is.
fn given(resource: &str, property: &str) -> u64 {
    let parameter = ["MailsAtOnce", "RunsReserved"]
        .into_iter()
        .find(|name| template_says_of(resource, property, &format!("!Ref {name}")));
    match parameter {
        Some(name) => template(name, "Default"),
        None => template(resource, property),
    }
}

impl Deployed {
    /// Returns mail-delivery as it is deployed for the account of a scenario.
    pub(crate) fn mail_of(&self, scenario: &Scenario) -> Receiver {
        let places = scenario.ses.mails_at_once.unwrap_or(self.mail.places);
        let reserved = scenario.ses.mails_at_once.unwrap_or(self.mail.reserved);
        Receiver {
            reserved,
            places,
            ..self.mail
        }
    }

    /// Reads the template and the code.
    pub fn read() -> Self {
        let threshold = |alarm| template(alarm, "Threshold") * SECOND;
        let two = 2 * 60;
        let attempts = numbers(file::OUTAGE_RETRY, "RETRY_MINUTES").into_iter();
        Self {
            sync: Receiver::read("WorkspaceSync", "WorkspaceSyncQueueSource", "SyncQueue"),
            sync_by_day: Receiver::read(
                "WorkspaceSync",
                "WorkspaceSyncManualQueueSource",
                "ManualSyncQueue",
            ),
            mail: Receiver::read("MailDelivery", "MailDeliveryQueueSource", "MailQueue"),
            dispatch_memory: memory("NightlySync"),
            dispatch_at_once: number(file::DISPATCH, "AT_ONCE"),
            watch: (
                memory("NightWatch"),
                template("NightWatch", "Timeout") * SECOND,
            ),
            warm: WRITTEN.map(|(_, table, _)| {
                template_if_any(table, "WriteUnitsPerSecond").unwrap_or(TABLE_WRITE_UNITS)
            }),
            may_recurse: template_says("WorkspaceSync", "RecursiveLoop: Allow"),
            longest_waits: [
                threshold("MailsWait"),
                threshold("SyncQueueStalls"),
                threshold("MailQueueStalls"),
            ],
            quota_alarm: template("SesQuotaNearlyUsed", "Threshold"),
            failed_alarm: template_percent("RunsFail", "Threshold"),
            refresh: duration(file::TOKENS, "LONGEST_REFRESH"),
            store_patience: duration(file::TOKENS, "STORE_PATIENCE"),
            store_waits: [
                duration(file::TOKENS, "FIRST_STORE_WAIT"),
                duration(file::TOKENS, "LONGEST_STORE_WAIT"),
            ],
            last_step: duration(file::CONTINUATION, "LAST_STEP_BEFORE_END"),
            attempts: attempts.map(|it| (it - two) * MINUTE).collect(),
            between_attempts: duration(file::OUTAGE_RETRY, "SHORTEST_WAIT"),
            again: (
                number(file::REDELIVERY, "FIRST") * SECOND,
                number(file::REDELIVERY, "LONGEST") * SECOND,
            ),
            longest_delay: number(file::QUEUES, "LONGEST_DELAY") * SECOND,
            last_beginning: duration(file::MAIL_BATCH, "LAST_BEGINNING"),
            ses_patience: (
                duration(file::HAND_TO_SES, "PATIENCE"),
                duration(file::HAND_TO_SES, "LONGEST_WAIT"),
            ),
            invitations_share: number(file::SES_QUOTA, "INVITATIONS_SHARE"),
            postponed: (
                duration(file::SES_QUOTA, "INVITATIONS_WAIT"),
                duration(file::SES_QUOTA, "OTHERS_WAIT"),
            ),
            sweeper: (
                duration(file::SWEEPER, "ROUND"),
                number(file::QUEUES, "MAIL_BATCHES_AT_ONCE"),
            ),
            throttled_waits: [
                duration(file::TRANSACTIONS, "FIRST_WAIT"),
                duration(file::TRANSACTIONS, "LONGEST_WAIT"),
            ],
            throttled_patience: duration(file::TRANSACTIONS, "THROTTLED_PATIENCE"),
        }
    }
}
