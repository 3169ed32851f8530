//! Where the product keeps and sends things: DynamoDB, S3, Secrets Manager, SQS, SES.
//!
//! [`Store`] is the database; each file adds the part of it that its name says. Every write is
//! conditional, and what belongs together is one transaction ([`commit`]), so that a function may
//! die at any instruction.

mod batch_get;
mod bounce;
pub mod commit;
pub mod connections;
mod correct_user_count;
pub mod deleted_users;
pub mod error;
pub mod idempotency;
mod identifier_write;
pub mod logs;
pub mod mailer;
pub mod outbox;
pub mod queues;
pub mod redelivery;
mod retry_conflicts;
mod run_begun;
pub mod run_end;
pub mod run_rows;
pub mod runs;
pub mod seats_and_lease;
pub mod secrets;
pub mod sessions;
pub mod store;
pub mod tables;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token_lock;
mod transact;
mod user_write;
pub mod users;
pub mod waiting;
pub mod workspaces;

pub use error::StoreError;
pub use store::Store;
