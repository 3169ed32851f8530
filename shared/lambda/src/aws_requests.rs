//! Counts the requests to AWS, retries included, and those that AWS throttled.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::config::interceptors::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;

/// An AWS service, and the requests to it.
#[derive(Debug)]
pub struct Service {
    /// The service's name as part of a metric's, such as `DynamoDb`.
    pub name: &'static str,
    sent: AtomicU64,
    throttled: AtomicU64,
}

/// The numbers of requests to one service since they were last taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestCounts {
    /// The number of requests sent, retries included.
    pub sent: u64,
    /// The number of requests that AWS throttled.
    pub throttled: u64,
}

static SERVICES: [Service; 5] = [
    Service::new("DynamoDb"),
    Service::new("S3"),
    Service::new("SecretsManager"),
    Service::new("Ses"),
    Service::new("Sqs"),
];

/// Counts the requests of a client for DynamoDB.
pub static DYNAMO_DB: Counter = Counter(&SERVICES[0]);
/// Counts the requests of a client for S3.
pub static S3: Counter = Counter(&SERVICES[1]);
/// Counts the requests of a client for Secrets Manager.
pub static SECRETS_MANAGER: Counter = Counter(&SERVICES[2]);
/// Counts the requests of a client for SES.
pub static SES: Counter = Counter(&SERVICES[3]);
/// Counts the requests of a client for SQS.
pub static SQS: Counter = Counter(&SERVICES[4]);

impl Service {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            sent: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
        }
    }

    /// Returns the numbers of requests since the last call.
    pub fn take(&self) -> RequestCounts {
        RequestCounts {
            sent: self.sent.swap(0, Ordering::Relaxed),
            throttled: self.throttled.swap(0, Ordering::Relaxed),
        }
    }
}

/// Returns every service that the product uses.
pub fn services() -> &'static [Service] {
    &SERVICES
}

/// An interceptor of an SDK client that counts the requests to one service.
#[derive(Clone, Copy, Debug)]
pub struct Counter(&'static Service);

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

/// Returns whether a response means that AWS throttled the request.
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
    fn throttling_is_distinguished_from_other_refusals() {
        let throttled = b"{\"__type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\"}";
        assert!(is_throttling(400, throttled));
        assert!(is_throttling(503, b"<Error><Code>SlowDown</Code></Error>"));
        let refused = b"{\"__type\":\"ConditionalCheckFailedException\"}";
        assert!(!is_throttling(400, refused));
        let item = b"Throttling is what this item tells about";
        assert!(!is_throttling(200, item));
    }
}
