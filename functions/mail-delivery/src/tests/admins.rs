use domain::{
    AccountChange, AccountQuestion, AuditAction, AuditEvent, ConnectionState, CrewId,
    DeletionDecisions, EmailAddress, LoginMethod, MailKind, NotificationKind, Recipients, Role,
    Run, RunFailure, TenantId, UserId,
};
use jiff::SignedDuration;
use storage::Store;
use storage::testing::table_names;
use testkit::users::{TENANT, active, system_administrator};
use testkit::{TestEnv, advance, now, person, succeeded_run};

use super::deliveries::{deliver, delivery, environment, put, run, waits};
use crate::deliver_once::Delivery;

/// Returns an environment with one administrator, usr-a@example.jp.
async fn with_administrator() -> TestEnv {
    let env = environment().await;
    env.add_user(active("usr_a", Role::Administrator)).await;
    env
}

/// Delivers the mail about a failed run.
async fn deliver_failed_run(env: &TestEnv, failure: Option<RunFailure>, failed: u32) {
    let run_id = run(env, None, &[]).await;
    let kind = MailKind::FailedRun {
        run_id,
        failure,
        failed,
    };
    let message = put(env, kind).await;
    deliver(env, &message).await.unwrap();
}

#[tokio::test]
async fn both_kinds_of_admins_get_cause_and_remedy_of_a_failed_run() {
    let env = with_administrator().await;
    env.add_user(system_administrator("usr_b")).await;
    env.add_user(active("usr_c", Role::Staff)).await;
    env.add_user(active("usr_d", Role::Member)).await;
    deliver_failed_run(&env, Some(RunFailure::SmartHrMaintenance), 0).await;
    let mut mail = env.services.only_mail();
    mail.to.sort();
    assert_eq!(mail.to, ["usr-a@example.jp", "usr-b@example.jp"]);
    assert!(mail.text().contains("SmartHRがメンテナンス中です"));
    assert!(mail.text().contains("次回の同期で再試行されます"));
}

#[tokio::test]
async fn a_mail_to_the_admins_reads_the_admins_and_nobody_else() {
    let env = with_administrator().await;
    for number in 0..30 {
        env.add_user(active(&format!("usr_member_{number}"), Role::Member))
            .await;
    }
    let run_id = run(&env, None, &[]).await;
    let kind = MailKind::FailedRun {
        run_id,
        failure: Some(RunFailure::SmartHrMaintenance),
        failed: 0,
    };
    let message = put(&env, kind).await;
    env.proxy.restart(None);
    let counted = Delivery {
        store: Store::new(&env.sdk, table_names("")),
        ..delivery(&env).await
    };
    counted.deliver(&message, now()).await.unwrap();
    assert_eq!(env.services.only_mail().to, ["usr-a@example.jp"]);
    let calls = env.proxy.by_operation();
    let of = |operation: &str| calls[&format!("DynamoDB_20120810.{operation}")];
    assert_eq!((of("Query"), of("BatchGetItem")), (1, 1), "{calls:#?}");
}

#[tokio::test]
async fn a_run_that_failed_for_some_people_says_for_how_many() {
    let env = with_administrator().await;
    deliver_failed_run(&env, None, 3).await;
    let text = env.services.only_mail().text();
    assert!(text.contains("3名のユーザーを同期できませんでした"));
}

#[tokio::test]
async fn the_mail_about_a_failed_night_counts_causes_names_people_and_leads_to_them() {
    let env = with_administrator().await;
    let mut company: Vec<_> = (1..=8).map(person).collect();
    for crew in &mut company[..7] {
        crew["email"] = "nonsense".into();
    }
    env.set_crews(&company).await;
    let run = env.nightly_run().await;
    while let Some(message) = env.next_mail() {
        deliver(&env, &message).await.unwrap();
    }
    let texts = env.mail_texts();
    let mail = texts.iter().find(|it| it.contains("同期に失敗")).unwrap();
    let link = format!("{}?category=failed#people", run.run_id);
    for part in [
        "7名のユーザーを同期できませんでした",
        "7名: 従業員メールアドレスの形式が不正です。",
        "様、ほか2名",
        &link,
    ] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    assert!(!mail.contains("nonsense"));
}

#[tokio::test]
async fn one_address_that_ses_rejects_does_not_keep_the_mail_from_the_others() {
    let env = with_administrator().await;
    env.add_user(active("usr_b", Role::Administrator)).await;
    env.services.reject_mails_to("usr-a@example.jp");
    deliver_failed_run(&env, None, 1).await;
    assert_eq!(env.services.only_mail().to, ["usr-b@example.jp"]);
}

#[tokio::test]
async fn admins_hear_of_held_deletions_that_nobody_has_answered() {
    let env = with_administrator().await;
    let held: Vec<UserId> = (0..7).map(|n| UserId::new(format!("usr_{n}"))).collect();
    let run_id = run(&env, None, &held).await;
    env.change_connection(|connection| {
        connection.decisions = DeletionDecisions {
            allowed: [held[0].clone()].into(),
            refused: [held[1].clone()].into(),
            ..DeletionDecisions::default()
        };
    })
    .await;
    let message = put(&env, MailKind::HeldDeletions { run_id }).await;
    deliver(&env, &message).await.unwrap();
    let mail = env.services.only_mail();
    assert!(mail.subject().contains("退職による削除を保留しました"));
    assert!(mail.text().contains("5名の削除を保留しました"));
}

#[tokio::test]
async fn admins_are_asked_to_connect_again_unless_somebody_has() {
    let env = with_administrator().await;
    let message = put(&env, MailKind::ReconnectNeeded).await;
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.services.mails().len(), 0);
    assert!(!waits(&env, &message).await);

    let env = with_administrator().await;
    env.change_connection(|connection| connection.state = ConnectionState::ReconnectNeeded)
        .await;
    let message = put(&env, MailKind::ReconnectNeeded).await;
    deliver(&env, &message).await.unwrap();
    let mail = env.services.only_mail();
    assert!(mail.subject().contains("再連携が必要です"));
}

#[tokio::test]
async fn the_other_system_administrators_hear_of_a_sign_in_with_an_emergency_account() {
    let env = with_administrator().await;
    env.add_user(system_administrator("usr_emergency")).await;
    env.add_user(system_administrator("usr_other")).await;
    let kind = MailKind::EmergencySignIn {
        user_id: UserId::new("usr_emergency"),
        network: "203.0.113.7".into(),
    };
    let message = put(&env, kind).await;
    deliver(&env, &message).await.unwrap();
    let mail = env.services.only_mail();
    assert_eq!(mail.to, ["usr-other@example.jp"]);
    assert!(mail.text().contains("203.0.113.7"));
}

/// Lets a system administrator choose who gets the mails of a kind.
async fn choose(env: &TestEnv, kind: NotificationKind, recipients: Recipients) {
    let before = env.stored_workspace().await;
    let mut after = before.clone();
    *after.notifications.recipients_mut(kind) = recipients;
    let action = AuditAction::NotificationsSaved;
    let event = AuditEvent::by_operator(format!("{kind:?}"), action, now());
    let saved = env.store.change_workspace(&before, &after, &event);
    saved.await.unwrap();
}

fn one_address() -> Recipients {
    let email = EmailAddress::parse("it@partner.example").unwrap();
    Recipients::Address { email }
}

#[tokio::test]
async fn chosen_recipients_get_the_mails_of_their_kind_and_the_admins_those_of_the_others() {
    let env = with_administrator().await;
    env.add_user(active("usr_chosen", Role::Member)).await;
    let user_ids = vec![UserId::new("usr_chosen")];
    choose(
        &env,
        NotificationKind::Failure,
        Recipients::Users { user_ids },
    )
    .await;
    choose(&env, NotificationKind::Reconnect, one_address()).await;
    let held = vec![UserId::new("usr_0")];
    let run_id = run(&env, None, &held).await;
    deliver_failed_run(&env, None, 1).await;
    assert_eq!(env.services.only_mail().to, ["usr-chosen@example.jp"]);

    env.change_connection(|connection| connection.state = ConnectionState::ReconnectNeeded)
        .await;
    for (kind, to) in [
        (MailKind::ReconnectNeeded, "it@partner.example"),
        (MailKind::HeldDeletions { run_id }, "usr-a@example.jp"),
    ] {
        let message = put(&env, kind).await;
        deliver(&env, &message).await.unwrap();
        let mails = env.services.mails();
        assert_eq!(mails.last().unwrap().to, [to]);
    }
}

#[tokio::test]
async fn when_the_chosen_users_are_gone_the_admins_get_the_mail() {
    let env = with_administrator().await;
    let user_ids = vec![UserId::new("usr_gone")];
    choose(
        &env,
        NotificationKind::Failure,
        Recipients::Users { user_ids },
    )
    .await;
    deliver_failed_run(&env, None, 1).await;
    assert_eq!(env.services.only_mail().to, ["usr-a@example.jp"]);
}

#[tokio::test]
async fn seats_that_are_nearly_taken_are_mailed_once_a_month_to_those_who_chose_it() {
    let env = TestEnv::new(4, None).await;
    env.add_user(system_administrator("usr_a")).await;
    let company: Vec<_> = (1..=3).map(person).collect();
    env.set_crews(&company).await;
    let mailed = async || {
        env.nightly_run().await;
        while let Some(message) = env.next_mail() {
            deliver(&env, &message).await.unwrap();
        }
        advance(SignedDuration::from_hours(24));
        env.mails_with("プランの上限に達すると")
    };
    assert_eq!(mailed().await, 0, "nobody chose it");
    choose(&env, NotificationKind::Seats, one_address()).await;
    // From 24 November on, and again in December.
    for (days, mails) in [(0, 1), (1, 1), (8, 2)] {
        advance(SignedDuration::from_hours(24 * days));
        assert_eq!(mailed().await, mails, "{days}");
    }
    let mails = env.services.mails().into_iter();
    let mut mails = mails.filter(|mail| mail.text().contains("4名 / 4名"));
    assert!(mails.all(|mail| mail.to == ["it@partner.example"]));
}

#[tokio::test]
async fn held_account_changes_go_to_the_system_administrators_whatever_was_chosen() {
    let env = with_administrator().await;
    env.add_user(system_administrator("usr_boss")).await;
    choose(&env, NotificationKind::Held, one_address()).await;
    let change = AccountChange {
        user_id: UserId::new("usr_boss"),
        tenant_id: TenantId::new(TENANT),
        crew_id: CrewId::new("crew"),
        email: None,
        code: None,
        login_method: LoginMethod::Password,
    };
    let asks = Run {
        held_account_changes: vec![AccountQuestion {
            change,
            name: "田中 花子".into(),
            fields: Vec::new(),
        }],
        ..succeeded_run("20261123T170000Z-schedule")
    };
    let id = &env.workspace.workspace_id;
    env.store.begin_run(id, &asks, now()).await.unwrap();
    let run_id = asks.run_id;
    let message = put(&env, MailKind::HeldAccountChanges { run_id }).await;
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.services.only_mail().to, ["usr-boss@example.jp"]);
}
