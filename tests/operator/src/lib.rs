//! The operator's tools for tests: `sam local invoke`, with the functions in containers, `kitera`, and the commands of
//! the runbook, all against a stack on this machine.
//!
//! `docker.sh` starts the Docker engine, or says that there can be none. The tools are in `target/tools`.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod captured;
mod kitera;
mod port_forward;
mod sam;
mod sample_event;
mod tools;

pub use captured::CapturedMessages;
pub use kitera::{ask_kitera, kitera};
pub use sam::{Sam, logical_id};
use sample_event::sample_event;
pub use tools::{as_operator, aws, binaries, root};
