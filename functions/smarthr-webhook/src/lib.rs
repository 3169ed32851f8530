//! `POST /webhooks/smarthr/{id}`: SmartHR reports that people changed (即時反映). It notes whom, and asks for a run,
//! which reads them in SmartHR. Nothing else that a report says is believed.
//!
//! The answer does not depend on the connection. A report that cannot be read, is larger than 64 KiB or names nobody
//! counts as one about everybody: if it were refused, SmartHR would repeat it for three days and then disable the
//! webhook. A report that AWS did not note is answered with 503, and SmartHR repeats it.

mod handler;
mod reported;
#[cfg(test)]
mod tests;

pub use handler::{Receiver, router};
