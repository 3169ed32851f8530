//! Lasting faults of SmartHR, which fail the run.

use std::time::Duration;

use domain::RunFailure;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::advance;

use crate::evening::{CREWS, PATIENCE, SHORT, evening, fails_after, recovers};

/// Checks that a run under each lasting fault fails for the reason beside it, within `patience`.
async fn each_fails(patience: Duration, faults: impl IntoIterator<Item = (Value, RunFailure)>) {
    for (mut fault, reason) in faults {
        let (env, users) = evening().await;
        println!(
            "{}",
            fault.to_string().chars().take(100).collect::<String>()
        );
        fault["path"] = json!(CREWS);
        env.smarthr_fault(fault).await;
        fails_after(&env, &users, reason, patience).await;
    }
}

#[tokio::test]
async fn lasting_refusals_fail_the_run_with_their_reason() {
    let maintenance = json!({ "code": 9, "type": "service_maintenance", "message": "" });
    let forbidden = json!({ "code": 3, "type": "forbidden", "message": "" });
    let used_up = json!({
        "x-rate-limit-limit": "5000", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1800",
    });
    each_fails(
        SHORT,
        [
            (json!({ "status": 500 }), RunFailure::SmartHrDown),
            (
                json!({ "status": 502, "body": "<html>" }),
                RunFailure::SmartHrDown,
            ),
            (
                json!({ "status": 503, "body": maintenance }),
                RunFailure::SmartHrMaintenance,
            ),
            (
                json!({ "status": 403, "body": forbidden }),
                RunFailure::SmartHrForbidden,
            ),
            (json!({ "status": 404 }), RunFailure::SmartHrDown),
            (json!({ "status": 429 }), RunFailure::SmartHrDown),
            (
                json!({ "status": 429, "headers": used_up }),
                RunFailure::SmartHrDown,
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn answers_that_never_come_whole_fail_the_run_with_their_reason() {
    let huge = "x".repeat(21 * 1024 * 1024);
    each_fails(
        SHORT,
        [
            (json!({ "delay_ms": 60_000 }), RunFailure::SmartHrDown),
            (json!({ "cut": true, "after": 1 }), RunFailure::SmartHrDown),
            (json!({ "broken_json": true }), RunFailure::SmartHrDown),
            (
                json!({ "status": 200, "body": huge, "after": 1 }),
                RunFailure::SmartHrDown,
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn lists_that_are_not_what_they_say_fail_the_run_with_their_reason() {
    let not_whole = |expected, got| RunFailure::ReadNotWhole { expected, got };
    each_fails(
        PATIENCE,
        [
            (
                json!({ "status": 200, "body": { "crews": [] } }),
                RunFailure::SmartHrDown,
            ),
            (
                json!({ "status": 200, "body": [] }),
                RunFailure::ReadUnsteady,
            ),
            (json!({ "wrong_total": 112 }), not_whole(112, 111)),
            (json!({ "wrong_total": 5_000 }), not_whole(5_000, 111)),
            (json!({ "wrong_total": 105 }), not_whole(105, 111)),
            // The total is wrong by a whole page, which only the URL of the next page reveals.
            (json!({ "wrong_total": 100 }), RunFailure::ReadUnsteady),
            (json!({ "wrong_total": 0 }), not_whole(0, 100)),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_hour_of_maintenance_fails_the_night_and_a_run_afterwards_does_it_all() {
    let (env, users) = evening().await;
    let maintenance = json!({ "code": 9, "type": "service_maintenance", "message": "" });
    let fault = json!({ "path": "/api", "status": 503, "body": maintenance });
    env.smarthr_fault(fault).await;
    fails_after(&env, &users, RunFailure::SmartHrMaintenance, SHORT).await;
    advance(SignedDuration::from_hours(1));
    env.clear_smarthr_faults().await;
    recovers(&env).await;
}
