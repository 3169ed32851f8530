//! Whatever SmartHR does, a run ends with the reason in its record and its log, and removes nobody
//! on the strength of an answer that is not whole.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

mod access;
mod evening;
mod lasting;
mod people;
mod short;
