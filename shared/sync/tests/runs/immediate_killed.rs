//! Immediate runs that are killed at every call: the next delivery of the message, or the next batch, does the rest.

use jiff::SignedDuration;
use serde_json::json;
use storage::queues::RunMessage;
use sync::InvocationOutcome;
use testkit::{CrashPoint, FinalState, TestEnv, advance, crew_id, person, restart_clock, retire};

/// Returns an environment in which five people changed in SmartHR and were reported.
async fn with_reports() -> (TestEnv, RunMessage) {
    restart_clock();
    let env = TestEnv::new(100, None).await;
    let mut company: Vec<_> = (0..10).map(person).collect();
    env.set_crews(&company).await;
    env.nightly_run().await;
    env.mark_mails_sent().await;
    env.clear_queues();
    advance(SignedDuration::from_hours(12));
    retire(&mut company[..2]);
    company[2]["email"] = json!("right@example.jp");
    company[3]["email"] = json!("bad");
    company.push(person(20));
    env.set_crews(&company).await;
    let crews = [0, 1, 2, 3, 20].map(crew_id);
    let message = env.report(&crews).await;
    (env, message)
}

async fn state(env: &TestEnv) -> FinalState {
    let mut state = env.final_state().await;
    // The newest run is the night; what counts here is the entry of the day.
    let id = &env.workspace.workspace_id;
    let runs = env.store.runs(id, None, 10).await.unwrap();
    let day = runs.iter().find(|run| run.is_day_entry()).unwrap();
    state.log = env.log(day.log_key.as_ref().unwrap());
    let without_ids_and_times = |line: &String| line.rsplitn(5, ',').last().map(ToOwned::to_owned);
    state.log = state.log.iter().filter_map(without_ids_and_times).collect();
    state
}

async fn undisturbed() -> FinalState {
    let (env, message) = with_reports().await;
    env.run(&message).await.unwrap();
    state(&env).await
}

/// Crashes a batch at each call in turn, until no call is left.
async fn dies_everywhere(crash_point: fn(usize) -> CrashPoint) {
    let undisturbed = undisturbed().await;
    assert_eq!(undisturbed.users.len(), 9);
    let mut points = 0;
    loop {
        let (env, message) = with_reports().await;
        let point = crash_point(points);
        if let Some(done) = env.proxy.crash_at(point, env.run(&message)).await {
            assert!(
                matches!(done, Ok(InvocationOutcome::Reflected { .. })),
                "{done:?}"
            );
            break;
        }
        // SQS redelivers the message after its visibility timeout.
        advance(SignedDuration::from_mins(16));
        let done = env.run(&message).await;
        assert!(done.is_ok(), "{point:?}: {done:?}");
        assert_eq!(state(&env).await, undisturbed, "{point:?}");
        points += 1;
    }
    println!("crash points: {points}, recovered: {points}, lost: 0, mails twice: 0");
    assert!(points > 15, "{points}");
}

#[tokio::test]
async fn a_batch_that_dies_before_any_call_is_finished_by_the_next_delivery_with_the_same_result() {
    dies_everywhere(CrashPoint::Before).await;
}

#[tokio::test]
async fn a_batch_that_dies_before_any_answer_is_finished_by_the_next_delivery_with_the_same_result()
{
    dies_everywhere(CrashPoint::After).await;
}
