//! What the operator does by hand, for tests: `sam local invoke`, with the functions in containers, and the
//! commands of the runbook, both against a stack on this machine.
//!
//! `engine.sh` gives the Docker engine and says where there can be none. The tools are in `target/tools`.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod bridge;
mod parked;
mod sam;
mod sample;
mod tools;

pub use parked::Parked;
pub use sam::Sam;
pub use sample::sample;
pub use tools::{as_operator, root};
