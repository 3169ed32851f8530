//! Invitations and initial passwords that admins issue again.

use domain::{
    Credential, InvitationPause, LoginMethod, MailKind, Mode, OutboxMail, PauseReason, RunId, User,
    UserId,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sync::InvocationOutcome;
use testkit::users::{self, by_code, invited, member};

use testkit::{advance, now};

use super::console::{administrator, system_administrator};

#[tokio::test]
async fn somebody_invited_is_invited_again_by_mail() {
    let (console, browser) = administrator().await;
    console.env.add_user(invited("u")).await;
    for serial in 1..=2 {
        let path = "/api/v1/users/u/invitation";
        browser.post(path, Value::Null).await.ok();
        let open = console.env.user("u").await.invitation.unwrap();
        assert_eq!(open.serial, serial);
        let mail = console.env.next_mail().unwrap();
        assert_eq!(mail.mail_id, format!("invitation#u#{serial}"));
        browser
            .post(path, Value::Null)
            .await
            .is_refused(409, "invited_just_now");
        advance(SignedDuration::from_mins(10));
    }
}

#[tokio::test]
async fn nobody_is_invited_by_hand_beyond_the_days_mails_or_while_they_are_paused() {
    let (console, browser) = administrator().await;
    console.env.add_user(invited("u")).await;
    let (store, id) = (&console.env.store, console.id());
    for _ in 0..100 {
        let counted = store.count_sent_invitation(id, now());
        counted.await.unwrap();
    }
    let path = "/api/v1/users/u/invitation";
    let answer = browser.post(path, Value::Null).await;
    answer.is_refused(429, "too_many_requests");
    let pause = InvitationPause {
        since: now(),
        reason: PauseReason::Bounces,
        mails: store.invitation_mails(id, now()).await.unwrap(),
    };
    let mail = OutboxMail::new(MailKind::InvitationsPaused, now());
    let paused = store.pause_invitations(id, &pause, now(), &mail).await;
    assert!(paused.unwrap());
    let answer = browser.post(path, Value::Null).await;
    answer.is_refused(409, "invitations_paused");
    let page = browser.get("/users").await.ok();
    page.shows(&["招待メールの送信を一時停止しています"]);
}

#[tokio::test]
async fn several_are_invited_and_those_who_cannot_be_do_not_keep_the_others_from_it() {
    let (console, browser) = administrator().await;
    for user in [invited("u"), by_code("coded", "A-1"), member("registered")] {
        console.env.add_user(user).await;
    }
    let body = json!({"user_ids": ["u", "coded", "registered", "unknown", "#"]});
    let answer = browser.post("/api/v1/users/invitations", body).await.ok();
    assert_eq!(answer.json()["invited"], json!(["u"]));
    let refused = answer.json()["refused"].as_array().unwrap().clone();
    assert_eq!(refused.len(), 4);
    let reason = refused[1]["reason"].as_str().unwrap();
    assert!(reason.contains("登録が完了"), "{reason}");
}

#[tokio::test]
async fn several_are_sent_a_link_to_choose_a_new_password_three_times_an_hour() {
    let (console, browser) = administrator().await;
    let sso = User {
        login_method: LoginMethod::Sso,
        ..member("sso")
    };
    for user in [member("u"), by_code("coded", "A-1"), invited("new"), sso] {
        console.env.add_user(user).await;
    }
    console
        .env
        .add_user(users::system_administrator("boss"))
        .await;
    let path = "/api/v1/users/password-resets";
    let body = json!({"user_ids": ["u", "coded", "new", "sso", "boss", "unknown"]});
    let answer = browser.post(path, body).await.ok();
    assert_eq!(answer.json()["sent"], json!(["u"]));
    assert_eq!(answer.json()["refused"].as_array().unwrap().len(), 5);

    let form = "/users/u/password-reset";
    for _ in 0..2 {
        advance(SignedDuration::from_mins(1));
        for _click in 0..2 {
            let answer = browser.form(form, &[]).await;
            assert_eq!(answer.location(), "/users/u?done=reset");
        }
    }
    advance(SignedDuration::from_mins(1));
    let refused = browser.form(form, &[]).await;
    refused.shows(&["1時間に3回まで"]);
    let list = [("user_ids", "u"), ("user_ids", "coded")];
    let refused = browser.form("/users/password-resets", &list).await;
    refused.shows(&["初期パスワードを再発行してください", "1時間に3回まで"]);
}

#[tokio::test]
async fn an_initial_password_is_issued_again_and_mailed_without_standing_anywhere() {
    let (console, browser) = system_administrator().await;
    console.env.add_user(by_code("u", "A-1")).await;
    let path = "/api/v1/users/u/initial-password";
    browser.post(path, Value::Null).await.ok();
    let (store, id) = (&console.env.store, UserId::new("u"));
    let stored = store.user_with_hashes(console.id(), &id).await;
    let (user, hashes) = stored.unwrap().unwrap();
    assert!(matches!(user.credential, Credential::Initial { .. }));
    assert!(hashes.initial_password_hash.is_some());
    assert_eq!(hashes.session_epoch, 1, "sessions ended");
    let mails = store.waiting_mails(console.id()).await;
    let mails = mails.unwrap();
    assert!(mails[0].starts_with("issued-passwords#"), "{mails:?}");
}

#[tokio::test]
async fn an_initial_password_needs_somebody_to_mail_it_to_and_a_person_without_address() {
    let (console, browser) = administrator().await;
    for user in [by_code("coded", "A-1"), member("mailed")] {
        console.env.add_user(user).await;
    }
    for (id, code) in [("coded", "no_recipient"), ("mailed", "no_initial_password")] {
        let path = format!("/api/v1/users/{id}/initial-password");
        browser.post(&path, Value::Null).await.is_refused(409, code);
    }
}

#[tokio::test]
async fn the_next_night_finds_an_invitation_by_hand_as_it_would_have_made_it_itself() {
    let (console, browser) = administrator().await;
    let crew = json!({
        "id": "c1", "emp_code": "001", "emp_status": "employed",
        "last_name": "山田", "first_name": "太郎", "email": "taro@example.jp",
    });
    console.env.set_crews(&[crew]).await;
    let run = console.env.nightly_run().await;
    assert_eq!((run.counts.invited, run.mode), (1, Mode::Apply));
    let found = browser.get("/api/v1/users?q=taro").await.json();
    let id = found["users"][0]["id"].as_str().unwrap();
    advance(SignedDuration::from_mins(10));
    let path = format!("/api/v1/users/{id}/invitation");
    browser.post(&path, Value::Null).await.ok();

    let mut next = console.env.nightly_message();
    next.run_id = RunId::new("20261123T170000Z-schedule");
    let InvocationOutcome::Ended(run) = console.env.run(&next).await.unwrap() else {
        panic!("the run ends");
    };
    assert_eq!((run.counts.invited, run.counts.unchanged), (0, 1));
}
