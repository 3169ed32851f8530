//! List prices in Tokyo (ap-northeast-1), without free tiers and discounts, and what is assumed. Written
//! down from memory in November 2026: to be checked against <https://aws.amazon.com/pricing/> before anybody
//! relies on them.

use crate::usage::{Item, Usage};

/// US dollars for one.
pub(crate) fn price(item: Item) -> f64 {
    match item {
        Item::SmartHrRequests => 0.0,
        // DynamoDB on demand.
        Item::ReadUnits => 0.1425e-6,
        Item::WriteUnits => 0.715e-6,
        // SQS, standard queues.
        Item::QueueRequests => 0.40e-6,
        // Secrets Manager, calls.
        Item::SecretCalls => 5e-6,
        // S3, PUT.
        Item::StoredObjects => 4.7e-6,
        // SES.
        Item::Mails => 1e-4,
        // Lambda, arm64.
        Item::Invocations => 0.20e-6,
        Item::GigabyteSeconds => 13.3334e-6,
        // CloudWatch Logs, taken in.
        Item::LogBytes => 0.76e-9,
    }
}

/// US dollars for all of it.
pub(crate) fn dollars(used: &Usage) -> f64 {
    used.items()
        .map(|(item, amount)| price(item) * amount)
        .sum()
}

/// US dollars a month that do not depend on nights.
pub(crate) mod monthly {
    /// A secret: a workspace's tokens, our client, the derivation key.
    pub(crate) const SECRET: f64 = 0.40;
    /// An alarm.
    pub(crate) const ALARM: f64 = 0.10;
    /// A dashboard.
    pub(crate) const DASHBOARD: f64 = 3.0;
    /// A key in KMS.
    pub(crate) const KEY: f64 = 1.0;
    /// Lambda asks each of its queues five times every 20 seconds, whether anything is in it or not.
    pub(crate) const POLLS_OF_A_QUEUE: f64 = 5.0 * 3.0 * 60.0 * 24.0 * 30.0;
    /// A gigabyte in DynamoDB, with point-in-time recovery.
    pub(crate) const STORED_GIGABYTE: f64 = 0.285 + 0.228;
    /// A person's rows: user, two identifiers, open mail. Bytes.
    pub(crate) const PERSON_BYTES: f64 = 2_000.0;
}

/// What depends on machines that are not here.
pub(crate) mod assumed {
    /// Seconds from an invocation to the first call.
    pub(crate) const START: f64 = 0.2;
    /// Seconds until SmartHR has answered a page of 100 people.
    pub(crate) const SMARTHR_PAGE: f64 = 0.5;
    /// Seconds until AWS has answered a call.
    pub(crate) const AWS_CALL: f64 = 0.02;
    /// Seconds that a mail takes.
    pub(crate) const MAIL: f64 = 0.3;
    /// Memory of the functions, as in the template.
    pub(crate) const SYNC_GIGABYTES: f64 = 0.5;
    /// 256 MB.
    pub(crate) const MAIL_GIGABYTES: f64 = 0.25;
    /// Lambda's own lines (start, report) of an invocation.
    pub(crate) const PLATFORM_LOG_BYTES: f64 = 900.0;
}
