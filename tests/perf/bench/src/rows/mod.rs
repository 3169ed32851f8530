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

/// The number of measurements of each row, whose median counts.
const TIMES: usize = if COUNTS_ONLY { 1 } else { 5 };

type Measured = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>>>>;

/// Rows that are measured together.
pub(crate) struct Group {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// Measures the rows.
    pub(crate) measure: fn() -> Measured,
}

/// All groups.
pub(crate) const GROUPS: [Group; 8] = [
    group("functions", || Box::pin(functions::rows())),
    group("planner", || Box::pin(async { planner::rows() })),
    group("dispatch", || Box::pin(dispatch::rows())),
    group("console", || Box::pin(console::rows())),
    group("unchanged", || Box::pin(unchanged::rows())),
    group("newcomers", || Box::pin(newcomers::rows())),
    group("large", || Box::pin(large::rows())),
    group("growth", || Box::pin(growth::rows())),
];

const fn group(name: &'static str, measure: fn() -> Measured) -> Group {
    Group { name, measure }
}

/// The delay of every call, where the name of a row says so.
const DELAY: Duration = Duration::from_millis(if COUNTS_ONLY { 0 } else { 20 });

/// Returns crews with an address and a code, as SmartHR's API shows them.
fn people(count: u32) -> Vec<serde_json::Value> {
    (0..count).map(testkit::person).collect()
}

/// Reads an event of the folder `events`.
fn event(name: &str) -> Result<serde_json::Value, Error> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../events");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json"))?;
    Ok(serde_json::from_str(&text)?)
}
