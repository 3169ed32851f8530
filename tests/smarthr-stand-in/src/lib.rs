//! A stand-in for SmartHR: an HTTP server that answers as SmartHR's API and OAuth do, with a
//! believable company behind it and a control plane (`/_stand-in/…`) that plays its admins, its
//! calendar and its failures.
//!
//! ```no_run
//! # async fn start() -> std::io::Result<()> {
//! let smarthr = smarthr_stand_in::StandIn::start(smarthr_stand_in::Options::default()).await?;
//! let crews = format!("{}/api/v1/crews", smarthr.base_url());
//! # Ok(()) }
//! ```

mod api;
mod authorize;
mod bodies;
mod clock;
mod company;
mod control;
mod crew;
mod crew_attributes;
mod crew_list;
mod custom_items;
mod error;
mod faults;
mod journal;
mod limits;
mod names;
mod oauth;
mod options;
mod pages;
mod people;
mod server;
mod token;
mod world;

pub use options::{Options, OptionsError};
pub use server::{StandIn, serve};
pub use world::World;
