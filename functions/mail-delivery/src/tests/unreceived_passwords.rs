//! Initial passwords that nobody can receive.

use domain::Role;
use jiff::SignedDuration;
use testkit::users::{active, system_administrator};
use testkit::{TestEnv, advance, now};

use super::deliveries::{deliver, waits};
use super::passwords::{issue_of, passwords_wait, run_with_passwords, with_system_administrators};

/// Checks that the mail waits for an hour, in which the watch neither asks for it nor measures its age.
async fn wait_for_an_hour(env: &TestEnv) {
    let waiting = env.store.all_waiting_mails().await.unwrap();
    let [mail] = waiting.as_slice() else {
        panic!("{waiting:?}");
    };
    assert_eq!(mail.age(now()), SignedDuration::from_hours(-1));
}

#[tokio::test]
async fn without_a_system_administrator_with_an_address_the_passwords_wait_and_ring_no_alarm() {
    let env = with_system_administrators(0).await;
    env.add_user(active("usr_c", Role::Administrator)).await;
    let (run_id, message) = run_with_passwords(&env).await;
    for _ in 0..30 {
        deliver(&env, &message).await.unwrap();
        passwords_wait(&env, &run_id, &message).await;
        wait_for_an_hour(&env).await;
        advance(SignedDuration::from_hours(1));
    }
    assert_eq!(env.services.mails().len(), 0);

    env.add_user(system_administrator("usr_a")).await;
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.services.only_mail().csv_rows().len(), 1);
    assert!(!waits(&env, &message).await);
}

#[tokio::test]
async fn passwords_that_ses_rejects_are_kept_and_admins_read_that_the_mail_did_not_arrive() {
    let env = with_system_administrators(1).await;
    env.services.reject_mails_to("usr-0@example.jp");
    let (run_id, message) = run_with_passwords(&env).await;
    issue_of(&env, &run_id).await;
    deliver(&env, &message).await.unwrap();
    passwords_wait(&env, &run_id, &message).await;
    wait_for_an_hour(&env).await;
    let id = &env.workspace.workspace_id;
    let issues = env.store.password_issues(id, now()).await.unwrap();
    let note = "初期パスワードのメールが届きませんでした(宛先のメールアドレスが配信サービスに拒否されました)";
    assert_eq!(issues[0].bounced.as_deref(), Some(note));

    advance(SignedDuration::from_hours(1));
    env.add_user(system_administrator("usr_1")).await;
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.services.only_mail().to, ["usr-1@example.jp"]);
}
