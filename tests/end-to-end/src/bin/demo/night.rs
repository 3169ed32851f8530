//! The hours of a day, and one night: its summary in one line, and who failed in it.

use std::time::Duration;

use end_to_end::Story;
use jiff::{
    Timestamp, ToSpan,
    tz::{TimeZone, offset},
};
use local::Mail;
use serde_json::Value;

/// Moves everybody's clock to the next 02:00 in Japan, runs that night, and prints how it went. Returns its
/// mails.
///
/// # Panics
/// The night did not go as `expected`.
pub(crate) async fn pass(story: &mut Story, expected: Option<&str>) -> Vec<Mail> {
    wait_for_hour(story, 2).await;
    let run = story.night().await;
    let mails = story.new_mails().await;
    let summary = summary(&run, &mails);
    println!("{summary}");
    print_failures(story, &run).await;
    if let Some(expected) = expected {
        assert_eq!(summary, expected, "counted by hand");
    }
    mails
}

async fn print_failures(story: &mut Story, run: &Value) {
    let run_id = run["run_id"].as_str().unwrap_or_default();
    let address = format!("/api/v1/runs/{run_id}/people?outcome=failure");
    let failures = story.admin.get(&address).await.ok().json();
    for person in failures["people"].as_array().into_iter().flatten() {
        let column = |name: &str| person[name].as_str().unwrap_or_default();
        println!("  失敗  {}: {}", column("name"), column("cause"));
    }
}

/// Moves everybody's clock to the next time that it is this hour in Japan.
pub(crate) async fn wait_for_hour(story: &mut Story, hour: i8) {
    let until = until_hour_in_japan(story.stack.clock().now(), hour);
    story.time_passes(until).await;
}

/// Returns how long it is until the next such hour in Japan, which has no summer time.
fn until_hour_in_japan(now: Timestamp, hour: i8) -> Duration {
    let here = now.to_zoned(TimeZone::fixed(offset(9)));
    let today = here.date().at(hour, 0, 0, 0);
    let next = if here.datetime() < today {
        today
    } else {
        today.saturating_add(1.day())
    };
    let seconds = next.duration_since(here.datetime()).as_secs();
    Duration::from_secs(seconds.unsigned_abs() + 1)
}

/// Returns one line: what happened to people in the run, and what was mailed.
fn summary(run: &Value, mails: &[Mail]) -> String {
    let csv = mails.iter().filter(|mail| !mail.attachments.is_empty());
    let (mails, csv) = (mails.len(), csv.count());
    let people = |what: &str| run["counts"][what].as_u64().unwrap_or_default();
    let held = match people("held") {
        0 => String::new(),
        held => format!(" held={held}"),
    };
    format!(
        "night: invited={} reinvited={} registered={} updated={} deleted={} failed={}{held} mails={mails} csv={csv}",
        people("invited"),
        people("reinvited"),
        people("registered"),
        people("updated"),
        people("deleted"),
        people("failed"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_is_the_next_one_in_japan() {
        let before_midnight: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        assert_eq!(
            until_hour_in_japan(before_midnight, 2).as_secs(),
            3 * 3600 + 1
        );
        let after_it_began: Timestamp = "2026-11-22T17:00:01Z".parse().unwrap();
        assert_eq!(until_hour_in_japan(after_it_began, 2).as_secs(), 24 * 3600);
    }
}
