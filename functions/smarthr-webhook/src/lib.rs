//! `POST /webhooks/smarthr/{id}`: SmartHR reports that people changed (即時反映). It notes whom, and asks for a run, which
//! reads them in SmartHR. Nothing else that a report says is believed.

mod handler;
mod reported;
#[cfg(test)]
mod tests;

pub use handler::{Receiver, router};
