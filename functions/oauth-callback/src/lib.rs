//! `GET /smarthr/callback`: the OAuth redirect URI, where SmartHR sends an admin after the consent.

mod handler;
mod pages;
mod result;
#[cfg(test)]
mod tests;

pub use handler::router;
