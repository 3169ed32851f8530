//! The round of Monday: summaries of the week.

use domain::WorkspaceId;
use testkit::users::system_administrator;
use testkit::{TestEnv, advance, now, person};

use super::{DAY, watch};
use crate::watch::{Round, RoundReport};

/// Makes the round of Monday twice, and returns how many summaries were asked for.
async fn monday(env: &TestEnv) -> u32 {
    let scheduled_at = now();
    let mut summaries = 0;
    for _ in 0..2 {
        let round = Round::Week { scheduled_at };
        match watch(env).handle(round).await.unwrap() {
            RoundReport::Week { summaries: asked } => summaries += asked,
            other => panic!("{other:?}"),
        }
    }
    summaries
}

#[tokio::test]
async fn the_summary_of_the_week_goes_once_to_those_who_were_chosen_and_to_nobody_by_default() {
    let env = TestEnv::new(10, None).await;
    env.add_user(system_administrator("usr_a")).await;
    env.set_crews(&[person(1), person(2)]).await;
    env.nightly_run().await;
    env.clear_queues();
    advance(DAY);
    assert_eq!(monday(&env).await, 0);

    let before = env.stored_workspace().await;
    let mut after = before.clone();
    let email = domain::EmailAddress::parse("list@example.jp").unwrap();
    after.notifications.weekly_summary = domain::Recipients::Address { email };
    let action = domain::AuditAction::NotificationsSaved;
    let event = domain::AuditEvent::by_operator("request".into(), action, now());
    let saved = env.store.change_workspace(&before, &after, &event);
    saved.await.unwrap();
    assert_eq!(monday(&env).await, 1);
    while let Some(message) = env.next_mail() {
        env.deliver(&message).await.unwrap();
    }
    let mail = env.services.only_mail();
    assert_eq!(mail.to, ["list@example.jp"]);
    assert!(mail.text().contains("1回(うち失敗0回)"));
    assert!(mail.text().contains("招待: 2名"));

    // A week in which nothing ran has none.
    advance(DAY * 7);
    assert_eq!(monday(&env).await, 1);
    while let Some(message) = env.next_mail() {
        env.deliver(&message).await.unwrap();
    }
    assert_eq!(env.services.mails().len(), 1);
}

#[tokio::test]
async fn the_summaries_of_many_companies_are_asked_for_ten_a_request() {
    let env = TestEnv::new(10, None).await;
    let email = domain::EmailAddress::parse("list@example.jp").unwrap();
    for number in 0..25 {
        let mut workspace = env.workspace.clone();
        workspace.workspace_id = WorkspaceId::new(format!("ws_{number}"));
        workspace.company_code = format!("company-{number}");
        workspace.notifications.weekly_summary = domain::Recipients::Address {
            email: email.clone(),
        };
        env.store.put_workspace(&workspace, &[]).await.unwrap();
        let mut connection = env.connection().await;
        connection.version = 0;
        let stored = env
            .store
            .put_connection(&workspace.workspace_id, &mut connection);
        stored.await.unwrap();
    }
    env.proxy.restart(None);
    assert_eq!(monday(&env).await, 25);
    let sent = env.proxy.by_operation()["AmazonSQS.SendMessageBatch"];
    assert_eq!(sent, 3, "of the first round; the second finds none");
}
