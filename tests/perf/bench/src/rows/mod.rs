//! The groups of rows, in the order in which they are measured.

mod console;
mod dispatch;
mod functions;
mod growth;
mod large;
mod mails;
mod newcomers;
mod planner;
mod unchanged;

use std::time::Duration;

use crate::Error;
use crate::row::Row;

/// A debug build, as `make test` runs it, asserts counts and compares no times: each row once, and no call
/// is delayed.
pub(crate) const COUNTS_ONLY: bool = cfg!(debug_assertions);

/// The number of measurements of each row, whose median counts.
const TIMES: usize = if COUNTS_ONLY { 1 } else { 5 };

/// The groups, by their names on the command line.
pub(crate) const GROUPS: &str =
    "functions planner dispatch console mails unchanged newcomers large growth";

/// Measures the rows of a group.
pub(crate) async fn measure(group: &str) -> Result<Vec<Row>, Error> {
    match group {
        "functions" => functions::rows().await,
        "planner" => planner::rows(),
        "dispatch" => dispatch::rows().await,
        "console" => console::rows().await,
        "mails" => mails::rows().await,
        "unchanged" => unchanged::rows().await,
        "newcomers" => newcomers::rows().await,
        "large" => large::rows().await,
        "growth" => growth::rows().await,
        unknown => Err(format!("there is no group {unknown}").into()),
    }
}

/// The delay of every call, where the name of a row says so.
const DELAY: Duration = Duration::from_millis(if COUNTS_ONLY { 0 } else { 20 });

/// Returns crews with an address and a code, as SmartHR's API shows them.
pub(crate) fn people(count: u32) -> Vec<serde_json::Value> {
    (0..count).map(testkit::person).collect()
}

/// Reads an event of the folder `events`.
fn event(name: &str) -> Result<serde_json::Value, Error> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../events");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json"))?;
    Ok(serde_json::from_str(&text)?)
}
