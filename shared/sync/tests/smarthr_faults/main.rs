//! Faults of SmartHR. A run ends with the reason in its record and in its log, and an incomplete
//! response never removes anybody.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

mod access;
mod evening;
mod lasting;
mod people;
mod short;
