//! Crashes during a run, at every call, before the request arrives or before its response does. The
//! next delivery of the message finishes the run with the same result as an undisturbed one.

use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::{CrashPoint, TestEnv, advance, ended};

/// Performs a nightly run that crashes at `crash_point` and is redelivered. Returns the environment,
/// or `None` if the run ended without a crash.
async fn crashed_run(crash_point: CrashPoint) -> Option<TestEnv> {
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    if let Some(done) = env.proxy.crash_at(crash_point, env.run(&message)).await {
        ended(done);
        return None;
    }
    // SQS redelivers the message after its visibility timeout.
    advance(SignedDuration::from_mins(16));
    let done = env.run(&message).await.unwrap();
    let ended = matches!(
        done,
        InvocationOutcome::Ended(_) | InvocationOutcome::EndedBefore(_)
    );
    assert!(ended, "{done:?}");
    Some(env)
}

/// Crashes a run at each call in turn, until no call is left.
async fn dies_everywhere(crash_point: fn(usize) -> CrashPoint) {
    let undisturbed = TestEnv::undisturbed().await;
    assert!(undisturbed.mails.len() > 30, "{:#?}", undisturbed.mails);
    let mut points = 0;
    while let Some(env) = crashed_run(crash_point(points)).await {
        let crash_point = crash_point(points);
        assert_eq!(&env.final_state().await, undisturbed, "{crash_point:?}");
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
