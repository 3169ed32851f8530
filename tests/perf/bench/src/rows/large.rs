//! 100,000 people of whom 1 % change, in invocations that are too short for all of it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::Error;
use crate::office::{FIFTEEN_MINUTES, Office};
use crate::row::{Limit, Row};
use crate::rows::people;
use crate::rows::unchanged::row_of;

const PEOPLE: u32 = 100_000;

/// What a step is slowed down to, so that the changes do not fit into one invocation.
const STEP: Duration = Duration::from_secs(1);

/// A run begins its last step this long before the invocation ends (`sync`).
const LAST_STEP: Duration = Duration::from_secs(15);

/// How many steps an invocation has time for.
const STEPS: u32 = 12;

/// The row.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut office = Office::open(people(PEOPLE), None).await?;
    office.night(FIFTEEN_MINUTES).await?;
    office.settle_mails().await?;
    let reading = office.night(FIFTEEN_MINUTES).await?.wall;
    let changed = one_in_a_hundred(&mut office.people);
    office.env.people(&office.people).await;
    office.slow_steps = Some(STEP);
    let night = office.night(LAST_STEP + reading + STEP * STEPS).await?;
    if night.invocations < 2 {
        return Err("the night fitted into one invocation".into());
    }
    let mut row = row_of(
        "1 % changed, over several invocations",
        PEOPLE as usize,
        &[night],
    );
    row.limits = vec![
        Limit::count("user writes", row.user_writes.unwrap_or_default(), changed),
        Limit::measure("MiB", row.peak_mib.unwrap_or_default(), 160.0),
    ];
    crate::table::print(&row);
    Ok(vec![row])
}

/// Of every 500 people, three have another name, one leaves and one comes. Gives how many changed.
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
