//! The product as somebody outside meets it: the routers of the three functions behind the routes of
//! `infra/template.yaml`, a test environment behind them, and people who may do this or that, or nothing.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a product that cannot be set up is a failed test"
)]

mod actor;
mod answer;
mod dump;
mod gateway;
mod listing;
mod places;
mod product;
mod request;
mod samples;

pub use actor::{ACTORS, Actor, NEW_PASSWORD, PASSWORD, Session};
pub use answer::Answer;
pub use dump::{EVERYTHING, SHARED, assert_unchanged, dump};
pub use gateway::Gateway;
pub use listing::{Route, routes};
pub use places::{Places, fill};
pub use product::Product;
pub use request::Call;
pub use samples::sample;
