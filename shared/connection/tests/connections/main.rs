//! Connections over HTTP against stand-ins of SmartHR and AWS, as seen by admins and by other
//! functions.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on is a failed test"
)]
#![expect(
    clippy::large_futures,
    reason = "a test environment is large, and a test awaits only a few of them"
)]

mod admin;
mod companies;
mod connecting;
mod disconnecting;
mod held_deletions;
mod interrupted;
mod operator;
mod saving_settings;
mod tokens;
mod webhooks;
