use domain::MailKind;
use domain::{Company, Connection, ConnectionState};
use domain::{
    DeletionDecisions, GroupId, LoginMethodSetting, Role, RunFailure, Settings, SyncTarget,
    TenantId, UserId,
};

use super::delivery_env::DeliveryEnv;

async fn link(env: &DeliveryEnv, state: ConnectionState, decisions: DeletionDecisions) {
    let mut integration = Connection {
        state,
        company: Company {
            tenant_id: TenantId::new("tenant"),
            name: "みどり商事".into(),
            subdomain: None,
        },
        linked_by: UserId::new("usr_1"),
        linked_at: env.now,
        settings: Settings {
            enabled: true,
            target: SyncTarget::Everyone,
            login_method: LoginMethodSetting::Password,
            default_group: GroupId::new("grp_1"),
        },
        enabled_at: None,
        items: None,
        decisions,
        pending: None,
        left_companies: Vec::new(),
        stopping: false,
        notified_failures: None,
        version: 0,
    };
    env.store()
        .put_connection(&env.workspace_id, &mut integration)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_failed_run_is_told_to_both_kinds_of_admins_with_cause_and_remedy() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::SystemAdministrator, "a@example.com").await;
    env.admin(Role::Administrator, "b@example.com").await;
    env.admin(Role::Staff, "c@example.com").await;
    env.admin(Role::Member, "d@example.com").await;
    let run_id = env.run(None, &[]).await;
    let failure = Some(RunFailure::SmartHrMaintenance);
    let message = env
        .put(MailKind::FailedRun {
            run_id,
            failure,
            failed: 0,
        })
        .await;
    env.deliver(&message).await.unwrap();
    let mail = env.ses.only();
    let mut to = mail.to.clone();
    to.sort();
    assert_eq!(to, ["a@example.com", "b@example.com"]);
    assert!(mail.text().contains("SmartHRがメンテナンス中です"));
    assert!(mail.text().contains("次回の同期で自動的に再試行されます"));
}

#[tokio::test]
async fn a_run_that_failed_for_some_people_says_for_how_many() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "b@example.com").await;
    let run_id = env.run(None, &[]).await;
    let message = env
        .put(MailKind::FailedRun {
            run_id,
            failure: None,
            failed: 3,
        })
        .await;
    env.deliver(&message).await.unwrap();
    let text = env.ses.only().text();
    assert!(text.contains("3名のユーザーを同期できませんでした"));
}

#[tokio::test]
async fn one_address_that_ses_rejects_does_not_keep_the_mail_from_the_others() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "a@example.com").await;
    env.admin(Role::Administrator, "b@example.com").await;
    env.ses.refuse_address("a@example.com");
    let run_id = env.run(None, &[]).await;
    let message = env
        .put(MailKind::FailedRun {
            run_id,
            failure: None,
            failed: 1,
        })
        .await;
    env.deliver(&message).await.unwrap();
    assert_eq!(env.ses.only().to, ["b@example.com"]);
}

#[tokio::test]
async fn held_deletions_are_told_as_long_as_nobody_answered() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "a@example.com").await;
    let held: Vec<UserId> = (0..7).map(|n| UserId::new(format!("usr_{n}"))).collect();
    let run_id = env.run(None, &held).await;
    let decisions = DeletionDecisions {
        allowed: [held[0].clone()].into(),
        refused: [held[1].clone()].into(),
        ..DeletionDecisions::default()
    };
    link(&env, ConnectionState::Connected, decisions).await;
    let message = env.put(MailKind::HeldDeletions { run_id }).await;
    env.deliver(&message).await.unwrap();
    let mail = env.ses.only();
    assert!(mail.subject().contains("退職による削除を保留しました"));
    assert!(mail.text().contains("5名の削除を保留しました"));
}

#[tokio::test]
async fn a_workspace_that_was_linked_again_is_not_told_to_link_again() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "a@example.com").await;
    link(
        &env,
        ConnectionState::Connected,
        DeletionDecisions::default(),
    )
    .await;
    let message = env.put(MailKind::ReconnectNeeded).await;
    env.deliver(&message).await.unwrap();
    assert!(env.ses.taken().is_empty());
    assert!(!env.waits(&message).await);
}

#[tokio::test]
async fn a_refused_link_is_told_to_the_admins() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "a@example.com").await;
    link(
        &env,
        ConnectionState::ReconnectNeeded,
        DeletionDecisions::default(),
    )
    .await;
    let message = env.put(MailKind::ReconnectNeeded).await;
    env.deliver(&message).await.unwrap();
    assert!(env.ses.only().subject().contains("再連携が必要です"));
}
