//! What SmartHR answers for one person is at most that person's failure.

use domain::{Run, RunFailure};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{TestEnv, advance, advance_to_six, ended, person, retire};
use tokio::time::{Duration, Instant};

use crate::case::{Case, case};

const CREWS: &str = "/api/v1/crews";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(an_odd_value_of_any_type_in_one_crew_of_20_costs_nobody_else_the_night),
        case(half_a_character_in_a_name_and_a_byte_order_mark_cost_nobody_the_night),
        case(an_answer_of_another_shape_is_its_own_cause_and_not_asked_for_again),
    ]
}

/// Returns a workspace after the night in which everybody of these was invited.
async fn after_the_first_night(crews: &[Value]) -> TestEnv {
    let env = TestEnv::new(1_000, None).await;
    env.set_crews(crews).await;
    env.nightly_run().await;
    env
}

async fn next_night(env: &TestEnv) -> Run {
    advance(SignedDuration::from_hours(24));
    env.nightly_run().await
}

async fn an_odd_value_of_any_type_in_one_crew_of_20_costs_nobody_else_the_night() {
    let crews: Vec<Value> = (0..20).map(person).collect();
    let env = after_the_first_night(&crews).await;
    let odd_values = [
        json!(null),
        json!(""),
        json!("EMPLOYED"),
        json!(12),
        json!(0.5),
        json!(true),
        json!([]),
        json!({ "a": 1 }),
    ];
    let attributes = [
        "id",
        "emp_code",
        "emp_status",
        "email",
        "last_name",
        "custom_fields",
    ];
    let mut joiner = 100;
    for attribute in attributes {
        for value in odd_values.iter().map(Some).chain([None]) {
            let mut tonight = crews.clone();
            let odd = tonight[7].as_object_mut().unwrap();
            match value {
                Some(value) => odd.insert(attribute.to_owned(), value.clone()),
                None => odd.remove(attribute),
            };
            // Somebody leaves and somebody comes in the same night.
            let mut leaver = [person(joiner)];
            if joiner > 100 {
                retire(&mut leaver);
                tonight.extend(leaver);
            }
            joiner += 1;
            tonight.push(person(joiner));
            env.set_crews(&tonight).await;
            let run = next_night(&env).await;
            let what = format!("{attribute}: {value:?}: {run:?}");
            assert_eq!(run.failure, None, "{what}");
            assert_eq!(run.counts.deleted, u32::from(joiner > 101), "{what}");
            assert!(run.counts.failed <= 1, "{what}");
            let others = run.counts.unchanged + run.counts.invited + run.counts.reinvited;
            assert!(others >= 19, "{what}");
            assert_eq!(env.users().await.len(), 21, "{what}");
            if attribute == "emp_status" && value.is_some_and(|value| !value.is_null()) {
                let log = env.log(run.log_key.as_ref().unwrap());
                let failed: Vec<_> = log.iter().filter(|line| line.contains(",失敗,")).collect();
                let code = crews[7]["emp_code"].as_str().unwrap();
                assert!(failed.len() == 1 && failed[0].contains(code), "{log:#?}");
                assert!(failed[0].contains("在籍状況"), "{log:#?}");
            }
        }
    }
}

async fn half_a_character_in_a_name_and_a_byte_order_mark_cost_nobody_the_night() {
    let mut crews: Vec<Value> = (0..20).map(person).collect();
    let env = after_the_first_night(&crews).await;
    crews[3]["last_name"] = json!("HALF");
    let body = Value::from(crews).to_string().replace("HALF", "\\ud842");
    let headers = json!({ "x-total-count": "20", "content-type": "application/json" });
    for mark in ["", "\u{FEFF}"] {
        let body = format!("{mark}{body}");
        env.smarthr_fault(
            json!({ "path": CREWS, "status": 200, "body": body, "headers": headers }),
        )
        .await;
        let run = next_night(&env).await;
        assert_eq!((run.failure, run.counts.failed), (None, 0));
        assert_eq!(env.users().await.len(), 20);
        let users = env.users().await;
        assert!(users.iter().any(|user| user.name.contains('\u{FFFD}')));
        env.clear_smarthr_faults().await;
    }
}

async fn an_answer_of_another_shape_is_its_own_cause_and_not_asked_for_again() {
    let env = after_the_first_night(&[person(1)]).await;
    env.smarthr_fault(json!({ "path": CREWS, "status": 200, "body": { "crews": [] } }))
        .await;
    advance_to_six();
    env.proxy.restart(None);
    let begun = Instant::now();
    let run = ended(env.run(&env.nightly_message()).await);
    assert!(begun.elapsed() < Duration::from_mins(1));
    assert_eq!(run.failure, Some(RunFailure::AnswerUnreadable));
    assert_eq!(env.users().await.len(), 1);
}
