//! What every function needs in AWS Lambda: configuration, the clock, the deadline, the AWS SDK, log lines,
//! metrics, traces, batches of SQS messages, waits before retries, and a guard against panics.

pub mod aws_requests;
pub mod backoff;
pub mod catch_panic;
pub mod clock;
pub mod config;
pub mod deadline;
pub mod jitter;
pub mod log_lines;
pub mod metrics;
mod role_credentials;
pub mod sdk;
pub mod sqs_batch;
pub mod trace;
mod trust_store;

pub use aws_types::SdkConfig;
