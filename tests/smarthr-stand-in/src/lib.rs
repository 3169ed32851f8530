//! A stand-in for SmartHR: an HTTP server that answers as SmartHR's API and OAuth do. It has sample companies,
//! and a control plane (`/_stand-in/…`) for changing people, revoking tokens and injecting faults.
//!
//! ```no_run
//! # async fn start() -> std::io::Result<()> {
//! let smarthr = smarthr_stand_in::StandIn::start(smarthr_stand_in::Options::default()).await?;
//! let crews = format!("{}/api/v1/crews", smarthr.base_url());
//! # Ok(()) }
//! ```

mod api;
mod authorize;
mod clock;
mod company;
mod control;
mod crew;
mod crew_attributes;
mod crew_list;
mod custom_items;
mod error;
mod faults;
mod limits;
mod names;
mod oauth;
mod options;
mod pages;
mod sample_companies;
mod server;
mod state;
mod token;

pub use options::Options;
pub use server::StandIn;
