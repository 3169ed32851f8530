//! The HTTP client of all tests: a [`Browser`] sends [`Request`]s to a [`Server`], which is a function's router in this
//! process or a deployed stack, and gets [`Answer`]s. A [`ChatChannel`] is what the product posts to.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a request that cannot be sent, or an answer that cannot be read, is a failed test"
)]

mod answer;
mod browser;
mod chat_channel;
mod event;
mod request;
mod server;

pub use answer::Answer;
pub use axum::http::StatusCode;
pub use browser::{Browser, Session};
pub use chat_channel::ChatChannel;
pub use request::Request;
pub use server::Server;
