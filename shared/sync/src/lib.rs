//! A run: read → plan → guard → apply → report, and the dispatch of each night's runs.
//!
//! [`Runner::run`] processes one run. It may be killed at any instruction: every step is one
//! transaction, and a further invocation reads both sides again, plans what is left, and ends the same
//! run with the rows of all steps.

mod apply;
mod await_retry;
mod begin_run;
mod continuation;
mod day_entry;
mod dispatch;
mod end_of_batch;
mod failing_before;
mod finalize;
mod immediate;
mod lease_renewal;
mod plan_and_apply;
mod plan_input;
mod preview;
mod read_smarthr;
mod report;
mod run;
mod seats_notice;
mod steps_shown;
mod storm;
mod sync_log;
mod under_lease;
mod unfinished_runs;
mod unreadable_records;
mod work_error;

pub use dispatch::{DispatchError, dispatch};
pub use read_smarthr::FindError;
pub use run::{Invocation, InvocationOutcome, RunError, Runner};
