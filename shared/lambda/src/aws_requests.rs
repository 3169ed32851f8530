//! Counts what is asked of AWS: every request that leaves, repetitions included, and those that AWS
//! refused because there were too many.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::config::interceptors::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;

/// What was asked of one service since the process began.
#[derive(Debug)]
pub struct Requests {
    /// The service's name within a metric's, such as `DynamoDb`.
    pub service: &'static str,
    sent: AtomicU64,
    throttled: AtomicU64,
}

static ALL: [Requests; 5] = [
    Requests::of("DynamoDb"),
    Requests::of("S3"),
    Requests::of("SecretsManager"),
    Requests::of("Ses"),
    Requests::of("Sqs"),
];

/// Counts the requests of a client for DynamoDB.
pub static DYNAMO_DB: Counter = Counter(&ALL[0]);
/// Counts the requests of a client for S3.
pub static S3: Counter = Counter(&ALL[1]);
/// Counts the requests of a client for Secrets Manager.
pub static SECRETS_MANAGER: Counter = Counter(&ALL[2]);
/// Counts the requests of a client for SES.
pub static SES: Counter = Counter(&ALL[3]);
/// Counts the requests of a client for SQS.
pub static SQS: Counter = Counter(&ALL[4]);

impl Requests {
    const fn of(service: &'static str) -> Self {
        Self {
            service,
            sent: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
        }
    }

    /// What was asked since this was called last, and how much of it was refused because it was too
    /// much.
    pub fn take(&self) -> (u64, u64) {
        (
            self.sent.swap(0, Ordering::Relaxed),
            self.throttled.swap(0, Ordering::Relaxed),
        )
    }
}

/// Every service's.
pub fn all() -> &'static [Requests] {
    &ALL
}

/// The part of an SDK client that counts for one service.
#[derive(Clone, Copy, Debug)]
pub struct Counter(&'static Requests);

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "Counter"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let throttled = context.response().is_some_and(|response| {
            let body = response.body().bytes().unwrap_or_default();
            is_throttling(response.status().as_u16(), body)
        });
        if throttled {
            self.0.throttled.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Whether an answer says "too many requests", in any of the ways in which AWS's services say it.
fn is_throttling(status: u16, body: &[u8]) -> bool {
    const CODES: [&str; 5] = [
        "Throttl",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "SlowDown",
        "TooManyRequests",
    ];
    let body = std::str::from_utf8(body).unwrap_or_default();
    status == 429 || status >= 400 && CODES.iter().any(|code| body.contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttling_is_told_from_other_refusals() {
        assert!(is_throttling(
            400,
            b"{\"__type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\"}"
        ));
        assert!(is_throttling(503, b"<Error><Code>SlowDown</Code></Error>"));
        assert!(!is_throttling(
            400,
            b"{\"__type\":\"ConditionalCheckFailedException\"}"
        ));
        assert!(!is_throttling(
            200,
            b"Throttling is what this item tells about"
        ));
    }
}
