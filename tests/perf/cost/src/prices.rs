//! List prices in Tokyo (ap-northeast-1), in US dollars, without free tiers, discounts and tax; what was
//! measured elsewhere; and what is assumed.
//!
//! Each price names the usage type of the AWS Price List and the day of a published copy of the list in which
//! it was looked up; AWS itself could not be asked. "From memory" are those that no copy had.

use crate::usage::{Item, Usage};

/// How long a night's logs are kept: the functions' (`LogRetentionDays` of prod in `samconfig.toml`) and the
/// admins' (the bucket's lifecycle in the template) alike for 400 days.
const MONTHS_KEPT: f64 = 400.0 / 30.0;

/// Returns the price of one, in US dollars.
pub(crate) fn price(item: Item) -> f64 {
    match item {
        Item::SmartHrRequests | Item::AwsRequests => 0.0,
        // DynamoDB on demand: APN1-ReadRequestUnits, APN1-WriteRequestUnits, 2026-09-23.
        Item::ReadUnits => 0.1425e-6,
        Item::WriteUnits => 0.715e-6,
        // SQS, standard queues: APN1-Requests-Tier1, 2026-09-23.
        Item::QueueRequests => 0.40e-6,
        // Secrets Manager, calls: from memory, the same everywhere.
        Item::SecretCalls => 5e-6,
        // KMS: ap-northeast-1-KMS-Requests, 2026-09-23.
        Item::KeyRequests => 3e-6,
        // S3, PUT: APN1-Requests-Tier1, 2026-09-23; kept: APN1-TimedStorage-ByteHrs, 2026-09-18.
        Item::StoredObjects => 4.7e-6,
        Item::StoredBytes => MONTHS_KEPT * 0.025e-9,
        // SES: from memory, the same everywhere.
        Item::Mails => 1e-4,
        // Lambda: APN1-Request, 2026-09-23; APN1-Lambda-GB-Second-ARM, a copy without a date.
        Item::Invocations => 0.20e-6,
        Item::GigabyteSeconds => 13.3334e-6,
        // CloudWatch Logs, taken in (APN1-DataProcessing-Bytes, 2026-09-23) and kept
        // (APN1-TimedStorage-ByteHrs, 2026-07-01).
        Item::LogBytes => 0.76e-9 + MONTHS_KEPT * 0.033e-9,
    }
}

/// Returns the price of everything used, in US dollars.
pub(crate) fn dollars(used: &Usage) -> f64 {
    let prices = used.items().map(|(item, amount)| price(item) * amount);
    prices.sum()
}

/// US dollars a month that do not depend on nights.
pub(crate) mod monthly {
    /// A secret: a workspace's tokens, our client, the derivation key. APN1-AWSSecretsManager-Secrets,
    /// 2026-09-23.
    pub(crate) const SECRET: f64 = 0.40;
    /// An alarm. APN1-CW:AlarmMonitorUsage, 2026-09-23.
    pub(crate) const ALARM: f64 = 0.10;
    /// A metric of ours, at most: hours without a value are free. APN1-CW:MetricMonitorUsage,
    /// 2026-09-23.
    pub(crate) const METRIC: f64 = 0.30;
    /// The number of metrics: 38 by name, requests and throttles of five services of AWS, `WorkspacesStopped` by its
    /// two reasons, and `RunsFailed` by its own.
    pub(crate) const METRICS: f64 = 38.0 + 2.0 * 5.0 + 2.0 + REASONS;
    /// The reasons for which a run fails as a whole: the codes of `domain::RunFailure`.
    pub(crate) const REASONS: f64 = 18.0;
    /// A dashboard. DashboardsUsageHour, everywhere.
    pub(crate) const DASHBOARD: f64 = 3.0;
    /// A key in KMS. ap-northeast-1-KMS-Keys, 2026-09-23.
    pub(crate) const KEY: f64 = 1.0;
    /// DynamoDB asks KMS for a table's key at most every five minutes for each role that uses it.
    pub(crate) const KEY_REQUESTS_OF_A_TABLE: f64 = 12.0 * 24.0 * 30.0;
    /// Lambda polls each queue five times every 20 seconds, even when it is empty.
    pub(crate) const POLLS_OF_A_QUEUE: f64 = 5.0 * 3.0 * 60.0 * 24.0 * 30.0;
    /// A gigabyte in DynamoDB (APN1-TimedStorage-ByteHrs), with point-in-time recovery (from memory).
    pub(crate) const STORED_GIGABYTE: f64 = 0.285 + 0.228;
    /// A person's rows: user, two identifiers, open mail. Bytes.
    pub(crate) const PERSON_BYTES: f64 = 2_000.0;
}

/// Processor time of the release build on x86_64, in seconds, as docs/performance.md has it from
/// `make bench ROWS="functions unchanged newcomers"` on 2026-11-23.
pub(crate) mod measured {
    /// The start of workspace-sync (2.8 ms, which is billed) and its first request (2.3 ms).
    pub(crate) const START: f64 = 0.0051;
    /// A person who is read and compared: 0.37 s for 10,000.
    pub(crate) const PERSON: f64 = 37e-6;
    /// A person who is written besides: 1.2 s more for 10,000 who are invited.
    pub(crate) const WRITTEN_PERSON: f64 = 121e-6;
    /// The share of a core that a function of 512 MB has; 1,769 MB have a whole one (AWS Lambda Developer Guide,
    /// "Configure Lambda function memory").
    pub(crate) const SHARE_OF_A_CORE: f64 = 512.0 / 1769.0;
    /// Memory of workspace-sync in the template: 512 MB.
    pub(crate) const SYNC_GIGABYTES: f64 = 0.5;
    /// Memory of mail-delivery in the template: 1,024 MB.
    pub(crate) const MAIL_GIGABYTES: f64 = 1.0;
}

/// Times and sizes that depend on other machines.
pub(crate) mod assumed {
    /// SmartHR's limit, in pages of 100 people (SmartHR API: ten requests a second).
    pub(crate) const SMARTHR_PAGES_A_SECOND: f64 = 10.0;
    /// Seconds until SmartHR has answered; pages are asked for ten at a time.
    pub(crate) const SMARTHR_ANSWER: f64 = 0.5;
    /// Seconds until AWS has answered a call, as in the bench.
    pub(crate) const AWS_CALL: f64 = 0.02;
    /// Seconds that a mail takes.
    pub(crate) const MAIL: f64 = 0.3;
    /// Lambda's own lines (start, report) of an invocation.
    pub(crate) const PLATFORM_LOG_BYTES: f64 = 900.0;
    /// The lines that the handler of a run writes: its outcome and its metrics.
    pub(crate) const METRICS_LOG_BYTES: f64 = 2_000.0;
}
