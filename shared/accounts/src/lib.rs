//! Operations of admins on the accounts of a workspace: [`Accounts`] adds people, one by one or from a file, issues new
//! invitations and initial passwords, mails password resets, edits, signs out, deletes, restores and unlinks. Each
//! operation checks the admin's role first ([`roles`]) and writes one transaction, or returns the reason as an
//! [`AccountError`].

mod accounts;
mod add;
mod delete;
mod edit;
mod emergency_account;
mod error;
mod identity;
mod import;
mod initial_password;
mod invitation;
mod issued_passwords;
mod lock_out;
mod new_user;
mod own_address;
mod password_reset;
mod restore;
pub mod roles;
mod roster;
mod second_factors;
mod sign_out;
mod unlink;

#[cfg(test)]
mod fixture;

pub use accounts::Accounts;
pub use add::{Added, MOST_ADDED, NewPeople, NotAdded};
pub use edit::UserEdit;
pub use emergency_account::check_may_be_emergency_account;
pub use error::AccountError;
pub use identity::TextEdit;
pub use import::{
    BadLine, FileError, ImportError, ImportProgress, LARGEST_FILE, LineProblem, MOST_IMPORTED,
    PersonToImport, TEMPLATE_HEADER, UserImport,
};
pub use initial_password::{
    MOST_PASSWORDS, check_needs_initial_password, is_mailed_passwords, was_just_issued,
};
pub use invitation::{Mailed, NotMailed, check_needs_invitation};
pub use issued_passwords::IssuedPassword;
pub use new_user::NewPerson;
pub use password_reset::{ResetRequest, ask_for_password_reset, check_may_reset_password};
pub use restore::restorable_until;
pub use roster::{Direction, Roster, RosterEntry, Rosters, UserColumn, UserCounts, UserFilter};
pub use second_factors::check_may_reset_second_factors;
pub use unlink::is_linked;
