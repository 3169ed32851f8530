//! 10,000 people, nothing changed: with every call delayed, and under SmartHR's own limit.

use crate::Error;
use crate::row::{Limit, Row, median, median_s};
use crate::rows::{COUNTS_ONLY, DELAY, TIMES, people};
use crate::synced_company::{FIFTEEN_MINUTES, NightlyRun, SyncedCompany};

const PEOPLE: u32 = 10_000;

/// SmartHR's limit: 10 requests a second.
const PER_SECOND: u32 = 10;

/// The least time that the limit allows for 100 pages of 100 people, of which the first 10 may go at once.
const FORCED_S: f64 = 9.0;

/// Measures both rows; the second one adds no count to those of the first one.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let free = runs(None).await?;
    let mut row = row_of("nothing changed, 20 ms a call", PEOPLE as usize, &free);
    row.limits = vec![
        row.requests_at_most(125),
        row.writes_at_most(0),
        row.cpu_of_fixed_at_most(7.0),
        row.mib_at_most(48.0),
    ];
    crate::table::print(&row);
    if COUNTS_ONLY {
        return Ok(vec![row]);
    }

    let limited = runs(Some(PER_SECOND)).await?;
    let name = "nothing changed, SmartHR's 10 requests/s";
    let mut limited = row_of(name, PEOPLE as usize, &limited);
    limited.limits = vec![Limit::measure(
        "of the forced 9 s",
        limited.wall_s.unwrap_or_default() / FORCED_S,
        1.1,
    )];
    crate::table::print(&limited);
    Ok(vec![row, limited])
}

async fn runs(limit: Option<u32>) -> Result<Vec<NightlyRun>, Error> {
    let mut company = SyncedCompany::open(people(PEOPLE), limit).await?;
    company.nightly_run(FIFTEEN_MINUTES).await?;
    company.clear_outbox().await?;
    if limit.is_none() {
        company.env.proxy.delay(DELAY);
    }
    let mut runs = Vec::new();
    for _ in 0..TIMES {
        let run = company.nightly_run(FIFTEEN_MINUTES).await?;
        if run.run.counts.unchanged != PEOPLE {
            return Err(format!("people changed: {:?}", run.run.counts).into());
        }
        runs.push(run);
    }
    Ok(runs)
}

/// Returns the row of several equal runs.
pub(crate) fn row_of(name: &str, people: usize, runs: &[NightlyRun]) -> Row {
    Row {
        name: name.to_owned(),
        people,
        requests: runs.iter().map(|run| run.requests).max(),
        user_writes: runs.iter().map(|run| run.user_writes).max(),
        cpu_s: Some(median_s(runs.iter().map(|run| run.cpu))),
        wall_s: Some(median_s(runs.iter().map(|run| run.wall))),
        peak_mib: Some(median(runs.iter().map(|run| run.peak_mib).collect())),
        operations: runs
            .first()
            .map(|run| run.operations.clone())
            .unwrap_or_default(),
        ..Row::default()
    }
}
