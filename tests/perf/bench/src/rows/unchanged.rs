//! 10,000 people, nothing changed: with every call delayed, and under SmartHR's own limit.

use crate::Error;
use crate::office::{FIFTEEN_MINUTES, Night, Office};
use crate::row::{Limit, Row, median, median_s};
use crate::rows::{COUNTS_ONLY, DELAY, TIMES, people};

const PEOPLE: u32 = 10_000;

/// SmartHR API: 10 requests a second.
const PER_SECOND: u32 = 10;

/// The pages at 100 people each, of which the first 10 may go at once.
const FORCED_S: f64 = 9.0;

/// Both rows; the second one has no count that the first one does not have.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let free = nights(None).await?;
    let mut row = row_of("nothing changed, 20 ms a call", PEOPLE as usize, &free);
    row.limits = vec![
        Limit::count("requests", row.requests.unwrap_or_default(), 125),
        Limit::count("user writes", row.user_writes.unwrap_or_default(), 0),
        Limit::measure("wall s", row.wall_s.unwrap_or_default(), 1.5),
        Limit::measure("MiB", row.peak_mib.unwrap_or_default(), 48.0),
    ];
    crate::table::print(&row);
    if COUNTS_ONLY {
        return Ok(vec![row]);
    }

    let limited = nights(Some(PER_SECOND)).await?;
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

async fn nights(limit: Option<u32>) -> Result<Vec<Night>, Error> {
    let mut office = Office::open(people(PEOPLE), limit).await?;
    office.night(FIFTEEN_MINUTES).await?;
    office.settle_mails().await?;
    if limit.is_none() {
        office.env.tap.delay(DELAY);
    }
    let mut nights = Vec::new();
    for _ in 0..TIMES {
        let night = office.night(FIFTEEN_MINUTES).await?;
        if night.run.counts.unchanged != PEOPLE {
            return Err(format!("somebody changed: {:?}", night.run.counts).into());
        }
        nights.push(night);
    }
    Ok(nights)
}

/// A row from several nights that did the same.
pub(crate) fn row_of(name: &str, people: usize, nights: &[Night]) -> Row {
    Row {
        name: name.to_owned(),
        people,
        requests: nights.iter().map(|night| night.requests).max(),
        user_writes: nights.iter().map(|night| night.user_writes).max(),
        cpu_s: Some(median_s(nights.iter().map(|night| night.cpu))),
        wall_s: Some(median_s(nights.iter().map(|night| night.wall))),
        peak_mib: Some(median(nights.iter().map(|night| night.peak_mib).collect())),
        operations: nights
            .first()
            .map(|night| night.operations.clone())
            .unwrap_or_default(),
        ..Row::default()
    }
}
