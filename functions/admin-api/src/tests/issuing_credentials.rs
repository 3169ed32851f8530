//! Invitations and initial passwords that admins issue again.

use axum::http::StatusCode;
use domain::{Credential, Mode, Role};
use serde_json::{Value, json};

use super::console::{administrator, by_code, invited, system_administrator};

#[tokio::test]
async fn somebody_invited_is_invited_again_by_mail() {
    let (console, browser) = administrator().await;
    console.create(invited("u")).await;
    for serial in 1..=2 {
        let answer = browser
            .post("/api/v1/users/u/invitation", Value::Null)
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        let open = console.stored("u").await.invitation.unwrap();
        assert_eq!(open.serial, serial);
        let (queue, message) = console.env.services.take_message().unwrap();
        assert_eq!(queue, "mail");
        assert!(message.contains(&format!("invitation#u#{serial}")));
    }
}

#[tokio::test]
async fn several_are_invited_and_those_who_cannot_be_do_not_keep_the_others_from_it() {
    let (console, browser) = administrator().await;
    console.create(invited("u")).await;
    console.create(by_code("coded", "A-1")).await;
    console.user("registered", Role::Member).await;
    let user_ids = json!(["u", "coded", "registered", "unknown", "#"]);
    let answer = browser
        .post("/api/v1/users/invitations", json!({"user_ids": user_ids}))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["invited"], json!(["u"]));
    let refused = answer.json()["refused"].as_array().unwrap().clone();
    assert_eq!(refused.len(), 4);
    assert!(
        refused[1]["reason"]
            .as_str()
            .unwrap()
            .contains("登録が完了")
    );
}

#[tokio::test]
async fn an_initial_password_is_issued_anew_and_mailed_without_standing_anywhere() {
    let (console, browser) = system_administrator().await;
    console.create(by_code("u", "A-1")).await;
    let answer = browser
        .post("/api/v1/users/u/initial-password", Value::Null)
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let (user, hashes) = console
        .env
        .store
        .user_with_hashes(console.id(), &domain::UserId::new("u"))
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(user.credential, Credential::Initial { .. }));
    assert!(hashes.initial_password_hash.is_some());
    assert_eq!(hashes.session_epoch, 1, "sessions ended");
    let mails = console.env.store.waiting_mails(console.id()).await;
    assert_eq!(mails.unwrap(), ["issued-password#u#1"]);
}

#[tokio::test]
async fn an_initial_password_needs_somebody_to_mail_it_to_and_a_person_without_address() {
    let (console, browser) = administrator().await;
    console.create(by_code("u", "A-1")).await;
    console.user("mailed", Role::Member).await;
    let answer = browser
        .post("/api/v1/users/u/initial-password", Value::Null)
        .await;
    assert_eq!(answer.problem(), "no_recipient");
    let answer = browser
        .post("/api/v1/users/mailed/initial-password", Value::Null)
        .await;
    assert_eq!(answer.problem(), "no_initial_password");
}

#[tokio::test]
async fn the_next_night_finds_an_invitation_by_hand_as_it_would_have_made_it_itself() {
    let (console, browser) = administrator().await;
    console
        .env
        .set_crews(&[json!({
            "id": "c1", "emp_code": "001", "emp_status": "employed",
            "last_name": "山田", "first_name": "太郎", "email": "taro@example.jp",
        })])
        .await;
    let run = console.env.nightly_run().await;
    assert_eq!((run.counts.invited, run.mode), (1, Mode::Apply));
    let found = browser.get("/api/v1/users?q=taro").await.json();
    let id = found["users"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/users/{id}/invitation");
    assert_eq!(
        browser.post(&path, Value::Null).await.status,
        StatusCode::OK
    );

    let mut next = console.env.nightly_message();
    next.run_id = domain::RunId::new("20261123T170000Z-schedule");
    let sync::InvocationOutcome::Ended(run) = console.env.run(&next).await.unwrap() else {
        panic!("the run ends");
    };
    assert_eq!((run.counts.invited, run.counts.unchanged), (0, 1));
}
