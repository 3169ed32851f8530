//! Where the product keeps and sends things: DynamoDB, S3, Secrets Manager, SQS, SES.
//!
//! [`Store`] is the database; each file adds the part of it that its name says. Every write is
//! conditional, and what belongs together is one transaction ([`commit`]), so that a function may
//! die at any instruction.

mod batch_get;
mod bounce;
pub mod clock;
pub mod commit;
pub mod concealed;
pub mod config;
mod conflicts;
mod credentials;
pub mod deleted_users;
pub mod error;
pub mod gate;
mod identifier_write;
pub mod integrations;
pub mod kept_requests;
pub mod log_lines;
pub mod logs;
pub mod mailer;
pub mod outbox;
pub mod queues;
mod recount;
pub mod redelivery;
pub mod refresh_lock;
pub mod requests;
mod roots;
mod run_begun;
pub mod run_end;
pub mod run_rows;
pub mod runs;
pub mod sdk;
pub mod secrets;
pub mod sessions;
pub mod store;
pub mod survive;
#[cfg(feature = "testing")]
pub mod testing;
pub mod trace;
mod transact;
mod user_write;
pub mod users;
pub mod waiting;
pub mod workspaces;

pub use aws_types::SdkConfig;
pub use error::StoreError;
pub use store::Store;
