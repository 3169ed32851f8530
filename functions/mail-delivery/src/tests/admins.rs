use domain::{Company, Connection, ConnectionState, DeletionDecisions, GroupId};
use domain::{LoginMethodSetting, MailKind, Role, RunFailure, Settings, SyncTarget};
use domain::{TenantId, UserId};

use super::delivery_env::DeliveryEnv;

/// Returns an environment with one administrator, a@example.com.
async fn with_administrator() -> DeliveryEnv {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "a@example.com").await;
    env
}

async fn connect(env: &DeliveryEnv, state: ConnectionState, decisions: DeletionDecisions) {
    let mut connection = Connection {
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
    let put = env
        .store()
        .put_connection(&env.workspace_id, &mut connection);
    put.await.unwrap();
}

/// Delivers the mail about a failed run.
async fn deliver_failed_run(env: &DeliveryEnv, failure: Option<RunFailure>, failed: u32) {
    let run_id = env.run(None, &[]).await;
    let kind = MailKind::FailedRun {
        run_id,
        failure,
        failed,
    };
    let message = env.put(kind).await;
    env.deliver(&message).await.unwrap();
}

#[tokio::test]
async fn both_kinds_of_admins_get_cause_and_remedy_of_a_failed_run() {
    let env = with_administrator().await;
    env.admin(Role::SystemAdministrator, "b@example.com").await;
    env.admin(Role::Staff, "c@example.com").await;
    env.admin(Role::Member, "d@example.com").await;
    deliver_failed_run(&env, Some(RunFailure::SmartHrMaintenance), 0).await;
    let mail = env.ses.only();
    let mut to = mail.to.clone();
    to.sort();
    assert_eq!(to, ["a@example.com", "b@example.com"]);
    assert!(mail.text().contains("SmartHRがメンテナンス中です"));
    assert!(mail.text().contains("次回の同期で自動的に再試行されます"));
}

#[tokio::test]
async fn a_run_that_failed_for_some_people_says_for_how_many() {
    let env = with_administrator().await;
    deliver_failed_run(&env, None, 3).await;
    let text = env.ses.only().text();
    assert!(text.contains("3名のユーザーを同期できませんでした"));
}

#[tokio::test]
async fn one_address_that_ses_rejects_does_not_keep_the_mail_from_the_others() {
    let env = with_administrator().await;
    env.admin(Role::Administrator, "b@example.com").await;
    env.ses.refuse_address("a@example.com");
    deliver_failed_run(&env, None, 1).await;
    assert_eq!(env.ses.only().to, ["b@example.com"]);
}

#[tokio::test]
async fn admins_hear_of_held_deletions_that_nobody_has_answered() {
    let env = with_administrator().await;
    let held: Vec<UserId> = (0..7).map(|n| UserId::new(format!("usr_{n}"))).collect();
    let run_id = env.run(None, &held).await;
    let decisions = DeletionDecisions {
        allowed: [held[0].clone()].into(),
        refused: [held[1].clone()].into(),
        ..DeletionDecisions::default()
    };
    connect(&env, ConnectionState::Connected, decisions).await;
    let message = env.put(MailKind::HeldDeletions { run_id }).await;
    env.deliver(&message).await.unwrap();
    let mail = env.ses.only();
    assert!(mail.subject().contains("退職による削除を保留しました"));
    assert!(mail.text().contains("5名の削除を保留しました"));
}

#[tokio::test]
async fn admins_are_asked_to_connect_again_unless_somebody_has() {
    let env = with_administrator().await;
    let decisions = DeletionDecisions::default;
    connect(&env, ConnectionState::Connected, decisions()).await;
    let message = env.put(MailKind::ReconnectNeeded).await;
    env.deliver(&message).await.unwrap();
    assert!(env.ses.accepted().is_empty());
    assert!(!env.waits(&message).await);

    let env = with_administrator().await;
    connect(&env, ConnectionState::ReconnectNeeded, decisions()).await;
    let message = env.put(MailKind::ReconnectNeeded).await;
    env.deliver(&message).await.unwrap();
    assert!(env.ses.only().subject().contains("再連携が必要です"));
}
