//! The mails and CSV files, as values. This crate sends nothing.
//!
//! Each kind of mail (`domain::MailKind`) has a file of its own; those that go to the admins about
//! runs, accounts and the connection share the layout in `admin_notice.rs`, those to one person about
//! how they sign in the one in `person_notice.rs`. CSV files are in `csv_files`.

mod account_locked;
mod address_changed;
mod address_proof;
mod admin_notice;
mod administrator_deleted;
mod chat_address;
mod chat_post;
mod company_text;
mod connected;
mod connection_may_end;
mod csv_files;
mod emergency_sign_in;
mod failed_run;
mod held_account_changes;
mod held_deletions;
mod initial_passwords;
mod invitation;
mod invitations_paused;
mod login_method_changed;
mod mail_name;
mod mime;
mod password_changed;
mod password_reset;
mod person_notice;
mod recipients;
mod reconnect_needed;
mod saml_certificate_ends;
mod seats_nearly_full;
mod second_factor_changed;
mod weekly_summary;

pub use account_locked::AccountLocked;
pub use address_changed::{AddressChanged, NoticeTo};
pub use address_proof::AddressProof;
pub use administrator_deleted::AdministratorDeleted;
pub use chat_address::{ChatAddress, ChatAddressError, ChatReach};
pub use chat_post::ChatPost;
pub use company_text::CompanyText;
pub use connected::Connected;
pub use connection_may_end::ConnectionMayEnd;
pub use csv_files::{
    GUARD, InitialPasswordRow, ReviewedUser, SyncLogRow, UserRow, account_review_csv,
    audit_trail_csv, initial_passwords_csv, initial_passwords_file, read_sync_log, sync_log_csv,
    unguarded, users_csv, without_person,
};
pub use emergency_sign_in::EmergencySignIn;
pub use failed_run::FailedRun;
pub use held_account_changes::HeldAccountChanges;
pub use held_deletions::HeldDeletions;
pub use initial_passwords::InitialPasswords;
pub use invitation::{Invitation, InvitationKind};
pub use invitations_paused::InvitationsPaused;
pub use login_method_changed::LoginMethodChanged;
pub use mail_name::MailName;
pub use mime::{Attachment, MAX_RAW_BYTES, Mail, MailError};
pub use password_changed::PasswordChanged;
pub use password_reset::PasswordReset;
pub use recipients::{MAX_RECIPIENTS, recipient_batches, smtp_mailbox};
pub use reconnect_needed::ReconnectNeeded;
pub use saml_certificate_ends::SamlCertificateEnds;
pub use seats_nearly_full::SeatsNearlyFull;
pub use second_factor_changed::SecondFactorChanged;
pub use weekly_summary::WeeklySummary;
