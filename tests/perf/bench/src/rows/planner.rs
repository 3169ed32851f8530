//! The plan of up to 100,000 people, in memory, on one core.

use std::time::Duration;

use domain::plan;
use micro_bench::Company;

use crate::Error;
use crate::process::Process;
use crate::row::{Row, median_s};
use crate::rows::TIMES;

/// How many people, and the most CPU time that their plan may take, as a multiple of that of the fixed work.
const SIZES: [(usize, f64); 2] = [(10_000, 0.5), (100_000, 8.0)];

/// Returns a row for each size.
pub(crate) fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (people, most) in SIZES {
        let company = Company::new(people);
        let mut times = Vec::new();
        for _ in 0..TIMES {
            times.push(cpu_of_a_plan(&company)?);
        }
        let cpu_s = median_s(times);
        let mut row = Row {
            name: "plan in memory, 1 % changed".into(),
            people,
            cpu_s: Some(cpu_s),
            ..Row::default()
        };
        row.limits = vec![row.cpu_of_fixed_at_most(most)];
        crate::table::print(&row);
        rows.push(row);
    }
    Ok(rows)
}

/// The CPU time of one plan, which must change exactly those who changed.
fn cpu_of_a_plan(company: &Company) -> Result<Duration, Error> {
    let before = Process::own().cpu()?;
    let plan = plan(&company.input());
    let cpu = Process::own().cpu()?.saturating_sub(before);
    if plan.changes.len() != company.changed() {
        return Err(format!("{} people change", plan.changes.len()).into());
    }
    Ok(cpu)
}
