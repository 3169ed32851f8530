//! The groups of rows, in the order in which they are measured.

mod console;
mod dispatch;
mod functions;
mod growth;
mod large;
mod newcomers;
mod planner;
mod unchanged;

use std::pin::Pin;
use std::time::Duration;

use crate::Error;
use crate::row::Row;

/// A debug build, as `make test` runs it, asserts counts and compares no times: each row once, and no call
/// is delayed.
pub(crate) const COUNTS_ONLY: bool = cfg!(debug_assertions);

/// How often a row is measured; the median counts.
const TIMES: usize = if COUNTS_ONLY { 1 } else { 5 };

type Measured = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>>>>;

/// Rows that are measured together.
pub(crate) struct Group {
    /// For the command line.
    pub(crate) name: &'static str,
    /// Measures them.
    pub(crate) measure: fn() -> Measured,
}

/// All of them.
pub(crate) const GROUPS: [Group; 8] = [
    Group {
        name: "functions",
        measure: || Box::pin(functions::rows()),
    },
    Group {
        name: "planner",
        measure: || Box::pin(async { planner::rows() }),
    },
    Group {
        name: "dispatch",
        measure: || Box::pin(dispatch::rows()),
    },
    Group {
        name: "console",
        measure: || Box::pin(console::rows()),
    },
    Group {
        name: "unchanged",
        measure: || Box::pin(unchanged::rows()),
    },
    Group {
        name: "newcomers",
        measure: || Box::pin(newcomers::rows()),
    },
    Group {
        name: "large",
        measure: || Box::pin(large::rows()),
    },
    Group {
        name: "growth",
        measure: || Box::pin(growth::rows()),
    },
];

/// How long every outgoing call takes longer, where the table says so.
const DELAY: Duration = Duration::from_millis(if COUNTS_ONLY { 0 } else { 20 });

/// So many people with an address and a code, as SmartHR's API shows them.
fn people(count: u32) -> Vec<serde_json::Value> {
    (0..count).map(testkit::person).collect()
}
