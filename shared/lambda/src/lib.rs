//! What every function needs to live in AWS Lambda: configuration, the clock, the AWS SDK, log
//! lines, metrics, traces, and work whose panic fails nothing else.

pub mod aws_requests;
pub mod catch_panic;
pub mod clock;
pub mod config;
pub mod log_lines;
pub mod metrics;
mod role_credentials;
pub mod sdk;
pub mod sqs_batch;
pub mod trace;
mod trust_store;

pub use aws_types::SdkConfig;
