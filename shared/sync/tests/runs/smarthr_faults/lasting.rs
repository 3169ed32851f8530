//! Lasting faults of SmartHR, which fail the run.

use std::time::Duration;

use domain::RunFailure;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::advance;

use super::evening::{CREWS, PATIENCE, SHORT, evening, fails_after, recovers};

/// Checks that a run under each lasting fault fails for the reason beside it, within `patience`.
async fn each_fails(patience: Duration, faults: impl IntoIterator<Item = (Value, RunFailure)>) {
    for (mut fault, reason) in faults {
        let (env, users) = evening().await;
        println!("{:.100}", fault.to_string());
        fault["path"] = json!(CREWS);
        env.smarthr_fault(fault).await;
        fails_after(&env, &users, reason, patience).await;
    }
}

fn maintenance() -> Value {
    json!({ "code": 9, "type": "service_maintenance", "message": "" })
}

#[tokio::test]
async fn lasting_refusals_fail_the_run_with_their_reason() {
    use RunFailure::{SmartHrDown, SmartHrForbidden, SmartHrMaintenance};
    let forbidden = json!({ "code": 3, "type": "forbidden", "message": "" });
    let used_up = json!({
        "x-rate-limit-limit": "5000", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1800",
    });
    let faults = [
        (json!({ "status": 500 }), SmartHrDown),
        (json!({ "status": 502, "body": "<html>" }), SmartHrDown),
        (
            json!({ "status": 503, "body": maintenance() }),
            SmartHrMaintenance,
        ),
        (
            json!({ "status": 403, "body": forbidden }),
            SmartHrForbidden,
        ),
        (json!({ "status": 404 }), SmartHrDown),
        (json!({ "status": 429 }), SmartHrDown),
        (json!({ "status": 429, "headers": used_up }), SmartHrDown),
    ];
    each_fails(SHORT, faults).await;
}

#[tokio::test]
async fn answers_that_never_come_whole_fail_the_run_with_their_reason() {
    use RunFailure::{AnswerUnreadable, SmartHrDown};
    let huge = "x".repeat(21 * 1024 * 1024);
    let faults = [
        (json!({ "delay_ms": 60_000 }), SmartHrDown),
        (json!({ "cut": true, "after": 1 }), SmartHrDown),
        (json!({ "broken_json": true }), AnswerUnreadable),
        (
            json!({ "status": 200, "body": huge, "after": 1 }),
            AnswerUnreadable,
        ),
    ];
    each_fails(SHORT, faults).await;
}

#[tokio::test]
async fn lists_that_are_not_what_they_say_fail_the_run_with_their_reason() {
    use RunFailure::{AnswerUnreadable, ReadUnsteady};
    let not_whole = |expected, got| RunFailure::ReadNotWhole { expected, got };
    let no_list = json!({ "crews": [] });
    let faults = [
        (json!({ "status": 200, "body": no_list }), AnswerUnreadable),
        (json!({ "status": 200, "body": [] }), ReadUnsteady),
        (json!({ "wrong_total": 112 }), not_whole(112, 111)),
        (json!({ "wrong_total": 5_000 }), not_whole(5_000, 111)),
        (json!({ "wrong_total": 105 }), not_whole(105, 111)),
        // The total is wrong by a whole page, which only the URL of the next page reveals.
        (json!({ "wrong_total": 100 }), ReadUnsteady),
        (json!({ "wrong_total": 0 }), not_whole(0, 100)),
    ];
    each_fails(PATIENCE, faults).await;
}

#[tokio::test]
async fn an_hour_of_maintenance_fails_the_night_and_a_run_afterwards_does_it_all() {
    let (env, users) = evening().await;
    let fault = json!({ "path": "/api", "status": 503, "body": maintenance() });
    env.smarthr_fault(fault).await;
    fails_after(&env, &users, RunFailure::SmartHrMaintenance, SHORT).await;
    advance(SignedDuration::from_hours(1));
    env.clear_smarthr_faults().await;
    recovers(&env).await;
}
