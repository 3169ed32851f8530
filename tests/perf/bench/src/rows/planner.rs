//! The plan of up to a million people, in memory, on one core.

use std::time::Duration;

use domain::plan;
use micro_bench::Company;

use crate::Error;
use crate::process::Process;
use crate::row::{Limit, Row, median_s};
use crate::rows::TIMES;

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// A row for each size; the limit is for the largest.
pub(crate) fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for people in SIZES {
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
        if people == 1_000_000 {
            row.limits = vec![Limit::measure("CPU s", cpu_s, 1.0)];
        }
        crate::table::print(&row);
        rows.push(row);
    }
    Ok(rows)
}

/// The CPU time of one plan, which must change exactly those who changed.
fn cpu_of_a_plan(company: &Company) -> Result<Duration, Error> {
    let before = Process::own().cpu()?;
    let plan = plan(&company.input()).map_err(|failure| failure.cause())?;
    let cpu = Process::own().cpu()?.saturating_sub(before);
    if plan.changes.len() != company.changed() {
        return Err(format!("{} people change", plan.changes.len()).into());
    }
    Ok(cpu)
}
