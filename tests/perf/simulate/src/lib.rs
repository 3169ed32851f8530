//! A night at 02:00 by simulation: discrete events, with AWS's quotas as named inputs.
//!
//! What is deployed is read from `infra/template.yaml` and the constants of the code ([`written`]), what AWS allows is
//! in [`quotas`] with the page that says so, and what was measured in [`measured`]. Time and randomness are parameters:
//! the same seed plays the same night.

mod deployed;
mod event_source;
mod limits;
mod mails;
pub mod measured;
mod night;
mod outcome;
mod queue;
pub mod quotas;
mod random;
mod runs;
pub mod scenario;
pub mod time;
mod watch;
pub mod written;

pub use deployed::{Deployed, Receiver};
pub use outcome::Outcome;
pub use scenario::Scenario;
