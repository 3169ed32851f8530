//! The second factor of people who sign in by a password: an authenticator app, and recovery codes.
//! Passkeys are in [`passkeys`](crate::passkeys).

pub(crate) mod api;
pub(crate) mod await_step;
pub(crate) mod check_code;
pub(crate) mod complete;
pub(crate) mod enrol_page;
pub(crate) mod manage;
mod recovery_codes_page;
pub(crate) mod sign_in_page;
mod wrong_codes;
