//! The console of a workspace, as a JSON API ([`api`]) and as pages ([`pages`]): the connection to
//! SmartHR and its settings, runs and their history, users.

mod api;
mod app;
mod auth;
mod connection_sentence;
mod crew_pages;
mod idempotency;
mod input;
mod openapi;
mod pages;
mod refusals;
mod routes;

#[cfg(test)]
mod tests;

pub use app::App;
pub use crew_pages::CrewPages;
pub use routes::router;
