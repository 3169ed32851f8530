//! The product as seen from outside: the routers of the functions behind the routes of `infra/template.yaml`,
//! with a test environment behind them, and actors with different rights.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a product that cannot be set up is a failed test"
)]

mod actor;
mod dump;
mod gateway;
mod listing;
mod places;
mod product;
mod samples;

pub use actor::{
    ACTOR_EMAIL, ACTORS, Actor, NEW_PASSWORD, PASSWORD, PASSWORD_FIELDS, sign_in_body,
};
pub use dump::{EVERYTHING, SHARED, assert_unchanged, dump};
pub use gateway::Gateway;
pub use listing::{Route, routes};
pub use places::{FORGETFUL, Places, fill};
pub use product::{Browser, Product};
pub use samples::{sample, send_sample};
pub use testkit::http::{Answer, Request};
