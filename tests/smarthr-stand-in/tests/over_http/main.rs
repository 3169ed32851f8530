//! The stand-in over HTTP: every test starts one of its own.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod client;
mod clock;
mod control;
mod crews;
mod custom_items;
mod faults;
mod limits;
mod oauth;
mod published_swagger;
mod webhooks;
