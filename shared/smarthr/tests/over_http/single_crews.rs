//! Crews that are read by their ids: only those that were asked for, each at most once.

use std::collections::BTreeSet;

use domain::CrewId;
use serde_json::Value;
use smarthr::SmartHrError;

use crate::connected::Connected;
use crate::fake::{Fake, crews, page};
use crate::in_time;

fn ids(numbers: impl IntoIterator<Item = usize>) -> BTreeSet<CrewId> {
    let numbers = numbers.into_iter();
    numbers
        .map(|number| CrewId::new(format!("crew-{number:05}")))
        .collect()
}

/// Returns the answer's crews with these ids.
fn with_ids(query: &str) -> Vec<Value> {
    let mut all = crews(0, 200);
    all.retain(|crew| query.split(',').any(|id| crew["id"] == id));
    all
}

#[tokio::test]
async fn fifty_crews_are_read_with_one_request_and_the_missing_ones_are_named() {
    let fake = Fake::start(|seen| {
        let found = with_ids(&seen.query["id"]);
        page(found.len(), &found)
    })
    .await;
    let asked: BTreeSet<CrewId> = &ids(0..49) | &ids([900]);
    let read = fake.session().read_crews(&asked, None, in_time()).await;
    let read = read.unwrap();
    assert_eq!(read.found.len(), 49);
    assert_eq!(read.not_found, [CrewId::new("crew-00900")]);
    assert_eq!(fake.seen().len(), 1);

    let read = fake
        .session()
        .read_crews(&ids(0..51), None, in_time())
        .await;
    assert_eq!(read.unwrap().found.len(), 51);
    assert_eq!(fake.seen().len(), 3);
}

#[tokio::test]
async fn an_answer_with_somebody_else_or_somebody_twice_is_not_taken() {
    for numbers in [0..3, 1..2] {
        let fake = Fake::start(move |_| {
            let mut found = crews(numbers.start, numbers.end);
            found.push(found[0].clone());
            page(found.len(), &found)
        })
        .await;
        let read = fake.session().read_crews(&ids([1]), None, in_time()).await;
        assert_eq!(read, Err(SmartHrError::UnexpectedAnswer("crews")));
    }
}

#[tokio::test]
async fn a_text_that_is_no_id_is_not_asked_for() {
    let fake = Fake::start(|_| page(0, &[])).await;
    let odd = BTreeSet::from([CrewId::new("a,b"), CrewId::new("")]);
    let read = fake.session().read_crews(&odd, None, in_time()).await;
    assert_eq!(read.unwrap().not_found.len(), 2);
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn a_crew_read_by_itself_is_the_one_in_the_whole_list() {
    let smarthr = Connected::start().await;
    let all = smarthr.session.read_employees(None, in_time()).await;
    let all = all.unwrap();
    let some = &all[3..6];
    let asked = some.iter().map(|employee| employee.crew_id.clone());
    let asked: BTreeSet<CrewId> = asked.collect();
    let read = smarthr.session.read_crews(&asked, None, in_time()).await;
    let mut found = read.unwrap().found;
    found.sort_by(|one, other| one.crew_id.cmp(&other.crew_id));
    assert_eq!(found, some);
}
