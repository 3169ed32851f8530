//! 100,000 people of whom 1 % change, in invocations that are too short for all of it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::Error;
use crate::row::Row;
use crate::rows::people;
use crate::rows::unchanged::row_of;
use crate::synced_company::{FIFTEEN_MINUTES, SyncedCompany};

const PEOPLE: u32 = 100_000;

/// The time of a step, slowed down so that one invocation is too short for all changes.
const STEP: Duration = Duration::from_secs(1);

/// The time before the end of an invocation in which a run begins no step (`sync`).
const LAST_STEP: Duration = Duration::from_secs(15);

/// The number of steps that an invocation has time for.
const STEPS: u32 = 12;

/// The row.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut company = SyncedCompany::open(people(PEOPLE), None).await?;
    company.nightly_run(FIFTEEN_MINUTES).await?;
    company.clear_outbox().await?;
    let reading = company.nightly_run(FIFTEEN_MINUTES).await?.wall;
    let changed = one_in_a_hundred(&mut company.people);
    company.env.set_crews(&company.people).await;
    company.slow_steps = Some(STEP);
    let night = company
        .nightly_run(LAST_STEP + reading + STEP * STEPS)
        .await?;
    if night.invocations < 2 {
        return Err("one invocation was enough".into());
    }
    let mut row = row_of(
        "1 % changed, over several invocations",
        PEOPLE as usize,
        &[night],
    );
    row.limits = vec![row.writes_at_most(changed), row.mib_at_most(160.0)];
    crate::table::print(&row);
    Ok(vec![row])
}

/// Of every 500 people renames three, retires one and adds one. Returns the number of changes.
pub(crate) fn one_in_a_hundred(people: &mut Vec<Value>) -> usize {
    let count = people.len();
    for (number, person) in people.iter_mut().enumerate() {
        match number % 500 {
            0..3 => person["last_name"] = json!(format!("改姓{number}")),
            3 => person["emp_status"] = json!("retired"),
            _ => {}
        }
    }
    let newcomers = (count..count + count / 500).filter_map(|number| number.try_into().ok());
    people.extend(newcomers.map(testkit::person));
    count / 100
}
