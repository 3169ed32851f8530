//! A fixed piece of work, with whose processor time that of nights is compared: machines differ by half, and one
//! machine from hour to hour.

use std::sync::OnceLock;

use serde_json::Value;

use crate::Error;
use crate::process::Process;
use crate::row::{Row, median_s};
use crate::rows::people;

/// How often the work is measured; the median counts.
const TIMES: usize = 5;

/// The measured work, once it was done.
static CPU_S: OnceLock<f64> = OnceLock::new();

/// Does the work, which is to read the JSON of 100,000 people, a hundred at a time as SmartHR sends them. Returns its
/// row.
pub(crate) fn measure() -> Result<Row, Error> {
    let page = serde_json::to_string(&people(100))?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let before = Process::own().cpu()?;
        for _ in 0..1_000 {
            let read: Vec<Value> = serde_json::from_str(&page)?;
            if std::hint::black_box(read).len() != 100 {
                return Err("the page has other people".into());
            }
        }
        times.push(Process::own().cpu()?.saturating_sub(before));
    }
    let cpu_s = *CPU_S.get_or_init(|| median_s(times));
    Ok(Row {
        name: "fixed work: the JSON of 100,000 people".into(),
        people: 100_000,
        cpu_s: Some(cpu_s),
        ..Row::default()
    })
}

/// Returns processor seconds as a multiple of those of the fixed work; `None` if that was not measured.
pub(crate) fn multiple_of(cpu_s: f64) -> Option<f64> {
    CPU_S.get().map(|fixed| cpu_s / fixed)
}
