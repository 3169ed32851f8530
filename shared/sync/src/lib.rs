//! A run: read → plan → guard → apply → report, and which workspaces run tonight.
//!
//! [`Runner::run`] does one run. It may be killed at any instruction: every step is one
//! transaction, a further invocation reads both sides again, plans what is left, and ends the same
//! run with the rows of all steps.

mod apply;
mod begin;
mod dispatch;
mod finalize;
mod finalize_lost;
mod lease_renewal;
mod log;
mod preview;
mod run;
mod source;
mod work;

pub use dispatch::{DispatchError, dispatch};
pub use run::{Done, Invocation, RunError, Runner};
