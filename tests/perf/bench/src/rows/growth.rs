//! The growth of the cost: four runs at 1,000, 10,000 and 100,000 people, without delays.

use crate::Error;
use crate::row::Row;
use crate::rows::large::one_in_a_hundred;
use crate::rows::newcomers::by_code;
use crate::rows::people;
use crate::rows::unchanged::row_of;
use crate::synced_company::{FIFTEEN_MINUTES, SyncedCompany};

const SIZES: [u32; 3] = [1_000, 10_000, 100_000];

/// Measures each run at each size.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for count in SIZES {
        let mut company = SyncedCompany::open(people(count), None).await?;
        let size = count as usize;
        rows.push(run(&mut company, "growth: all new", size).await?);
        company.clear_outbox().await?;
        rows.push(run(&mut company, "growth: nothing changed", 0).await?);
        let changed = one_in_a_hundred(&mut company.people);
        company.env.set_crews(&company.people).await;
        rows.push(run(&mut company, "growth: 1 % changed", changed).await?);
        drop(company);
        let night = by_code(count).await?;
        let row = row_of("growth: all new by code, with the CSV", size, &[night]);
        crate::table::print(&row);
        rows.push(row);
    }
    Ok(rows)
}

async fn run(company: &mut SyncedCompany, name: &str, changed: usize) -> Result<Row, Error> {
    let people = company.people.len();
    let run = company.nightly_run(FIFTEEN_MINUTES).await?;
    let mut row = row_of(name, people, &[run]);
    row.limits = vec![row.writes_at_most(changed)];
    crate::table::print(&row);
    Ok(row)
}
