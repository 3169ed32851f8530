//! What ends between two nights: nobody waits with a dead link for a further one.

use domain::{BETWEEN_INVITATIONS, Role, Run, RunOutcome, User};
use jiff::{SignedDuration, Timestamp};
use security::Product;
use serde_json::{Value, json};
use sync::{Invocation, Runner};
use testkit::{TestEnv, advance, code_only, ended, now, person};
use tokio::time::{Duration, Instant};

use crate::case::{Case, case};

const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(all_who_were_invited_in_a_long_night_are_invited_again_72_hours_later),
        case(a_link_that_an_admin_sent_at_noon_is_replaced_by_the_last_night_before_its_end),
        case(initial_passwords_of_a_long_night_all_end_14_days_after_its_start),
        case(a_failure_of_every_night_is_mailed_every_night_however_long_each_takes),
    ]
}

/// Returns a workspace whose company has these crews.
async fn company(crews: &[Value]) -> TestEnv {
    let env = TestEnv::new(1_000, None).await;
    env.set_crews(crews).await;
    env
}

/// Returns the time, and lets ten seconds pass.
fn slow_clock() -> Timestamp {
    advance(SignedDuration::from_secs(10));
    now()
}

/// Carries out a nightly run that writes for minutes.
async fn long_night(env: &TestEnv) -> Run {
    let slow = Runner {
        clock: slow_clock,
        ..env.runner()
    };
    let invocation = Invocation {
        deadline: Instant::now() + Duration::from_mins(15),
        last_delivery: false,
    };
    let begun = now();
    let run = ended(Box::pin(slow.run(&env.nightly_message(), invocation)).await);
    assert!(now().duration_since(begun) > SignedDuration::from_secs(30));
    run
}

/// Moves the clock to a time.
fn wait_until(time: Timestamp) {
    advance(time.duration_since(now()));
}

fn invited_twice(users: &[User]) -> usize {
    users.iter().filter(|user| user.serial == 2).count()
}

async fn all_who_were_invited_in_a_long_night_are_invited_again_72_hours_later() {
    let env = company(&(0..200).map(person).collect::<Vec<_>>()).await;
    let begun = now();
    long_night(&env).await;
    wait_until(begun + DAY * 3);
    env.nightly_run().await;
    assert_eq!(invited_twice(&env.users().await), 200);
}

async fn a_link_that_an_admin_sent_at_noon_is_replaced_by_the_last_night_before_its_end() {
    let env = company(&[person(1)]).await;
    let begun = now();
    env.nightly_run().await;
    let product = Product::of(env);
    let user_id = product.env.users().await.remove(0).user_id;
    wait_until(begun + SignedDuration::from_hours(10).max(BETWEEN_INVITATIONS));
    let admin = product
        .sign_in_new("admin", Role::SystemAdministrator)
        .await;
    let again = format!("/api/v1/users/{user_id}/invitation");
    admin.post(&again, json!({})).await.ok();
    for (nights, serial) in [(1, 2), (2, 2), (3, 3)] {
        wait_until(begun + DAY * nights);
        product.env.nightly_run().await;
        let user = product.env.user(user_id.as_str()).await;
        assert_eq!(user.serial, serial, "after {nights} nights");
        let ends = user.invitation.unwrap().expires_at;
        assert!(ends >= now() + DAY, "dead before somebody looks after it");
    }
}

async fn initial_passwords_of_a_long_night_all_end_14_days_after_its_start() {
    let env = company(&(0..100).map(code_only).collect::<Vec<_>>()).await;
    let begun = now();
    long_night(&env).await;
    let users = env.users().await;
    assert_eq!(users.len(), 100);
    for user in users {
        assert!(user.has_password_at(begun + DAY * 14 - SignedDuration::from_secs(1)));
        assert!(!user.has_password_at(begun + DAY * 14));
    }
}

async fn a_failure_of_every_night_is_mailed_every_night_however_long_each_takes() {
    let mut nameless = person(1);
    nameless["last_name"] = Value::Null;
    let env = company(&[nameless]).await;
    let begun = now();
    for night in 0..3 {
        wait_until(begun + DAY * night);
        let mails = env.waiting_mails().await.len();
        let run = if night == 0 {
            long_night(&env).await
        } else {
            env.nightly_run().await
        };
        assert_eq!(run.outcome, RunOutcome::Failure);
        assert_eq!(env.waiting_mails().await.len(), mails + 1, "night {night}");
    }
}
