//! Where SmartHR sends an admin back to after the consent: `GET /smarthr/callback`.

mod handler;
mod pages;
#[cfg(test)]
mod tests;

pub use handler::router;
