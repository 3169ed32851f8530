//! Crashes during a run, at every call, before the request arrives or before its response does. The
//! next delivery of the message finishes the run with the same result as an undisturbed one.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::{CrashPoint, TestEnv, advance};

/// Performs a nightly run that crashes at `death` and is redelivered. Returns whether it crashed.
async fn night_with(env: &TestEnv, death: Option<CrashPoint>) -> bool {
    let message = env.nightly_message();
    env.proxy.restart(death);
    let died = tokio::select! {
        done = env.run(&message) => {
            assert!(matches!(done, Ok(InvocationOutcome::Ended(_))), "{done:?}");
            false
        }
        () = env.proxy.crashed() => true,
    };
    env.proxy.restart(None);
    if died {
        // SQS redelivers the message after its visibility timeout.
        advance(SignedDuration::from_mins(16));
        let done = env.run(&message).await.unwrap();
        assert!(
            matches!(
                done,
                InvocationOutcome::Ended(_) | InvocationOutcome::EndedBefore(_)
            ),
            "{done:?}"
        );
    }
    died
}

/// Crashes a run at each call in turn, until no call is left.
async fn dies_everywhere(death: fn(usize) -> CrashPoint) {
    let env = TestEnv::with_pending_changes(30).await;
    night_with(&env, None).await;
    let undisturbed = env.final_state().await;
    assert!(undisturbed.mails.len() > 30, "{:#?}", undisturbed.mails);

    let mut points = 0;
    loop {
        let env = TestEnv::with_pending_changes(30).await;
        if !night_with(&env, Some(death(points))).await {
            break;
        }
        assert_eq!(env.final_state().await, undisturbed, "{:?}", death(points));
        points += 1;
    }
    println!("crash points: {points}, recovered: {points}, lost: 0, mails twice: 0");
    assert!(points > 20, "{points}");
}

#[tokio::test]
async fn a_run_that_dies_before_any_call_is_finished_by_the_next_delivery_with_the_same_result() {
    dies_everywhere(CrashPoint::Before).await;
}

#[tokio::test]
async fn a_run_that_dies_before_any_answer_is_finished_by_the_next_delivery_with_the_same_result() {
    dies_everywhere(CrashPoint::After).await;
}
