//! What people are sent, as values: the mails and the two CSV files. Nothing here sends anything.

mod cell;
mod csv_file;
pub mod failed_run;
pub mod held_deletions;
pub mod invitation;
mod japan_time;
pub mod mime;
pub mod password_csv;
pub mod recipients;
pub mod relink_needed;
mod single_line;
pub mod sync_log_csv;

pub use cell::GUARD;
pub use failed_run::FailedRun;
pub use held_deletions::HeldDeletions;
pub use invitation::{Invitation, InvitationKind};
pub use mime::{Attachment, MAX_RAW_BYTES, Mail, MailError};
pub use password_csv::{InitialPassword, PasswordCsv, PasswordOccasion};
pub use recipients::{MAX_RECIPIENTS, recipient_batches};
pub use relink_needed::RelinkNeeded;
pub use sync_log_csv::{SyncLogRow, sync_log_csv};
