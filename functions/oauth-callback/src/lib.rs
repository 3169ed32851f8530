//! `GET /smarthr/callback`: the OAuth redirect URI, where SmartHR sends an admin after the consent.

mod handler;
mod pages;
#[cfg(test)]
mod tests;

pub use handler::router;
