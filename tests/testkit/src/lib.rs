//! The test environment: everything that a run talks to, in one process. DynamoDB is dynoxide, SmartHR is its stand-in,
//! and of SQS, S3, Secrets Manager and SES there is as much as the product calls. The real SDKs reach all of them over
//! HTTP through a [`FaultProxy`], which counts the calls, injects faults, and can end the process at any of them.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a test environment that cannot be made is a failed test"
)]

pub mod authenticator;
mod author;
mod clock;
mod connection;
mod corruption;
mod crews;
mod endpoint;
mod fault;
mod fault_proxy;
mod final_state;
mod mails;
mod pending_changes;
mod runs;
pub mod saml;
pub mod second_factors;
mod sent_mail;
mod services;
pub mod single_sign_on;
mod smarthr;
mod stored_users;
mod tables;
mod test_env;
pub mod users;

pub use author::author;
pub use clock::{advance, advance_to_six, now, restart_clock};
pub use connection::AOZORA_ADMIN;
pub use crews::{changed_company, code_only, crew_id, initial_company, person, retire};
pub use fault::Fault;
pub use fault_proxy::{CrashPoint, FaultProxy, HeldCall};
pub use final_state::FinalState;
pub use http_client as http;
pub use runs::succeeded_run;
pub use sent_mail::SentMail;
pub use services::Services;
pub use tables::Backup;
pub use test_env::{TestEnv, ended};
