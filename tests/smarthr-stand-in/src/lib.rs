//! A stand-in for SmartHR: an HTTP server that answers as SmartHR's API and OAuth do. It has sample companies,
//! and a control plane (`/_stand-in/…`) for changing people, revoking tokens and injecting faults.
//!
//! [`StandIn::start`] starts one, whose crews are at `/api/v1/crews` below its [`StandIn::base_url`].

mod api;
mod authorize;
mod clock;
mod company;
mod control;
mod crew;
mod crew_attributes;
mod crew_list;
mod custom_items;
mod deliveries;
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
mod webhooks;

pub use options::Options;
pub use server::StandIn;
