//! The CSV files, as values.

mod account_review;
mod audit_trail;
mod cell;
mod file;
mod initial_passwords;
mod sync_log;
mod sync_log_without_person;
mod users;

pub use account_review::{ReviewedUser, account_review_csv};
pub use audit_trail::audit_trail_csv;
pub use cell::{GUARD, unguarded};
#[cfg(test)]
pub(crate) use initial_passwords::tests::password;
pub use initial_passwords::{InitialPasswordRow, initial_passwords_csv, initial_passwords_file};
pub(crate) use initial_passwords::{PasswordFile, password_files};
pub use sync_log::{SyncLogRow, read_sync_log, sync_log_csv};
pub use sync_log_without_person::without_person;
pub use users::{UserRow, users_csv};
