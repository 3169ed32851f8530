//! 同期できていない方: who fails, since which night, why, until it is mended.

use domain::{Role, RunFailure, RunOutcome};
use jiff::SignedDuration;
use serde_json::Value;
use testkit::{succeeded_run, users};

use super::console::{administrator, crews};

const PAGE: &str = "/settings/smarthr/failures";

#[tokio::test]
async fn who_fails_is_listed_with_the_first_night_that_failed_until_it_is_mended() {
    let (console, browser) = administrator().await;
    let page = browser.get(PAGE).await;
    page.shows(&["同期履歴はまだありません。"]);
    let mut company = crews();
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;

    // A night that failed as a whole says nothing of anybody.
    let mut whole = succeeded_run("20261123T170000Z-schedule");
    whole.outcome = RunOutcome::Failure;
    whole.failure = Some(RunFailure::SmartHrDown);
    console.keep(&whole).await;
    testkit::advance(SignedDuration::from_hours(48));
    company[1]["emp_code"] = "社員2".into();
    console.env.set_crews(&company).await;
    let night = console.env.nightly_run().await;

    let browser = console.browser(Role::SystemAdministrator).await;
    let page = browser.get(PAGE).await;
    page.shows(&[
        "同期できていない方(2名)",
        "2026/11/25 02:00の同期",
        "従業員メールアドレスの形式が不正です <b>1名</b>",
        &format!("/history/{}/log", night.run_id),
    ]);
    let html = page.html();
    let (longest, newest) = (html.find("nonsense").unwrap(), html.find("社員2").unwrap());
    let since = ["2026/11/23 02:00</td>", "2026/11/25 02:00</td>"].map(|it| html.find(it).unwrap());
    assert!(longest < since[0] && since[0] < newest && newest < since[1]);
    let of_cause = &html[html.find("?cause=").unwrap()..];
    let of_cause = &of_cause[..of_cause.find('"').unwrap()];
    browser
        .get(&format!("{PAGE}{of_cause}"))
        .await
        .shows(&["<p>1名</p>"]);

    let people = format!("/api/v1/runs/{}/people?outcome=failure", night.run_id);
    let people = browser.get(&people).await.json();
    let since = |person: &Value| person["failing_since"].as_str().unwrap().to_owned();
    let mut all: Vec<String> = people["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(since)
        .collect();
    all.sort();
    assert_eq!(all, ["2026/11/23 02:00", "2026/11/25 02:00"]);

    company[1]["emp_code"] = "2".into();
    company[2]["email"] = "y3@example.jp".into();
    console.env.set_crews(&company).await;
    testkit::advance(SignedDuration::from_hours(24));
    console.env.nightly_run().await;
    let another = users::active("another", Role::Administrator);
    let page = console.browser_of(another).await.get(PAGE).await;
    page.shows(&["同期できていない方はいません。"]);
    page.shows_no(&["nonsense"]);
}

#[tokio::test]
async fn who_failed_and_was_mended_and_fails_again_fails_since_then() {
    let (console, browser) = administrator().await;
    for email in ["nonsense", "y3@example.jp", "again"] {
        let mut company = crews();
        company[2]["email"] = email.into();
        console.env.set_crews(&company).await;
        console.env.nightly_run().await;
        testkit::advance(SignedDuration::from_hours(24));
    }
    let browser_of_today = console.browser(Role::SystemAdministrator).await;
    drop(browser);
    let page = browser_of_today.get(PAGE).await;
    page.shows(&["again", "2026/11/25 02:00</td>"]);
    page.shows_no(&["2026/11/23 02:00</td>"]);
}
