//! How the cost grows: three nights at 1,000, 10,000 and 100,000 people, without delays.

use crate::Error;
use crate::office::{FIFTEEN_MINUTES, Office};
use crate::row::{Limit, Row};
use crate::rows::large::one_in_a_hundred;
use crate::rows::people;
use crate::rows::unchanged::row_of;

const SIZES: [u32; 3] = [1_000, 10_000, 100_000];

/// A row for each night at each size.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for count in SIZES {
        let mut office = Office::open(people(count), None).await?;
        let size = count as usize;
        rows.push(night(&mut office, "growth: all new", size).await?);
        office.settle_mails().await?;
        rows.push(night(&mut office, "growth: nothing changed", 0).await?);
        let changed = one_in_a_hundred(&mut office.people);
        office.env.people(&office.people).await;
        rows.push(night(&mut office, "growth: 1 % changed", changed).await?);
    }
    Ok(rows)
}

async fn night(office: &mut Office, name: &str, changed: usize) -> Result<Row, Error> {
    let people = office.people.len();
    let night = office.night(FIFTEEN_MINUTES).await?;
    let mut row = row_of(name, people, &[night]);
    let written = row.user_writes.unwrap_or_default();
    row.limits = vec![Limit::count("user writes", written, changed)];
    crate::table::print(&row);
    Ok(row)
}
