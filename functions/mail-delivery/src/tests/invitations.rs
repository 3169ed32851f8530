use credentials::{InvitationUrl, TokenHash};
use domain::{Role, Status};

use super::delivery_env::DeliveryEnv;
use crate::error::DeliveryError;

#[tokio::test]
async fn the_mail_has_the_link_whose_hash_is_stored_and_its_end() {
    let env = DeliveryEnv::new().await;
    let (user, message) = env.invited("hanako@example.com").await;
    env.deliver(&message).await.unwrap();

    let mail = env.ses.only();
    assert_eq!(mail.to, ["hanako@example.com"]);
    assert_eq!(mail.subject(), "【KiteRa】みどり商事への招待");
    assert!(mail.text().contains("2026年11月28日 02:00(日本時間)"));
    let text = mail.text();
    let (_, link) = text
        .split_once("https://app.kitera.example/invitations/")
        .unwrap();
    let link = InvitationUrl::parse(link.split_whitespace().next().unwrap()).unwrap();
    assert_eq!(link.user_id, user.user_id);
    let found = env
        .store()
        .user_with_hashes(&env.workspace_id, &user.user_id);
    let (_, hashes) = found.await.unwrap().unwrap();
    let hash = hashes.invitation_hash.unwrap();
    assert_eq!(hash, TokenHash::of(&link.secret).as_str());
    assert!(!env.waits(&message).await);
}

#[tokio::test]
async fn a_bounce_of_the_mail_will_name_the_invitation() {
    let env = DeliveryEnv::new().await;
    let (user, message) = env.invited("hanako@example.com").await;
    env.deliver(&message).await.unwrap();
    let user_id = user.user_id.as_str();
    assert_eq!(
        env.ses.only().tags,
        ["workspace_id", "ws_1", "user_id", user_id, "serial", "1"]
    );
}

#[tokio::test]
async fn a_message_that_comes_twice_sends_one_mail() {
    let env = DeliveryEnv::new().await;
    let (_, message) = env.invited("hanako@example.com").await;
    for _ in 0..3 {
        env.deliver(&message).await.unwrap();
    }
    env.ses.only();
}

#[tokio::test]
async fn of_two_deliveries_at_once_one_sends_and_the_other_asks_to_come_again() {
    let env = DeliveryEnv::new().await;
    let (_, message) = env.invited("hanako@example.com").await;
    let (one, two) = tokio::join!(env.deliver(&message), env.deliver(&message));
    env.ses.only();
    assert!(one.is_ok() || two.is_ok());
    let busy = |delivered: &Result<(), DeliveryError>| {
        matches!(delivered, Ok(()) | Err(DeliveryError::ClaimedByAnother))
    };
    assert!(busy(&one) && busy(&two));
    env.deliver(&message).await.unwrap();
    env.ses.only();
}

#[tokio::test]
async fn a_second_invitation_says_so_and_the_first_is_not_sent_any_more() {
    let env = DeliveryEnv::new().await;
    let (user, first) = env.invited("hanako@example.com").await;
    let second = env.invite_again(&user).await;
    env.deliver(&first).await.unwrap();
    env.deliver(&second).await.unwrap();
    let mail = env.ses.only();
    assert_eq!(mail.subject(), "【KiteRa】みどり商事への再招待");
    assert!(!env.waits(&first).await);
}

#[tokio::test]
async fn an_invitation_that_is_no_longer_true_is_not_sent() {
    let mut env = DeliveryEnv::new().await;
    let (deleted, one) = env.invited("a@example.com").await;
    env.delete(&deleted).await;
    let (accepted, two) = env.invited("b@example.com").await;
    env.change(&accepted, |user| {
        user.status = Status::Active;
        user.invitation = None;
    })
    .await;
    let (_, three) = env.invited("c@example.com").await;
    env.wait_hours(72);
    for message in [&one, &two, &three] {
        env.deliver(message).await.unwrap();
        assert!(!env.waits(message).await);
    }
    assert!(env.ses.accepted().is_empty());
}

#[tokio::test]
async fn somebody_whose_sso_ended_is_asked_to_set_a_password() {
    let env = DeliveryEnv::new().await;
    let (user, message) = env.invited("hanako@example.com").await;
    env.change(&user, |user| user.status = Status::Active).await;
    env.deliver(&message).await.unwrap();
    assert!(env.ses.only().subject().contains("パスワードの設定"));
}

#[tokio::test]
async fn the_first_system_administrator_is_not_promised_a_mail_at_two() {
    let env = DeliveryEnv::new().await;
    let (user, message) = env.invited("hanako@example.com").await;
    env.change(&user, |user| {
        user.role = Role::SystemAdministrator;
        user.crew_link = None;
    })
    .await;
    env.deliver(&message).await.unwrap();
    let text = env.ses.only().text();
    assert!(text.contains("システム管理者として招待されました"));
    assert!(!text.contains("午前2時"));
}

#[tokio::test]
async fn a_mail_that_ses_rejects_is_not_tried_again() {
    let env = DeliveryEnv::new().await;
    env.ses.refuse_address("hanako@example.com");
    let (_, message) = env.invited("hanako@example.com").await;
    env.deliver(&message).await.unwrap();
    assert!(!env.waits(&message).await);
}

#[tokio::test]
async fn a_mail_that_ses_may_take_later_waits_and_is_sent_then() {
    let env = DeliveryEnv::new().await;
    let (_, message) = env.invited("hanako@example.com").await;
    env.ses.refuse_next(&["ServiceUnavailable"]);
    let later = env.deliver(&message).await;
    assert!(matches!(later, Err(DeliveryError::Aws(_))));
    assert!(env.waits(&message).await);
    env.deliver(&message).await.unwrap();
    env.ses.only();
}

#[tokio::test]
async fn a_second_in_which_ses_takes_no_more_is_waited_out() {
    let env = DeliveryEnv::new().await;
    let (_, message) = env.invited("hanako@example.com").await;
    env.ses.refuse_next(&["Throttling"]);
    env.deliver(&message).await.unwrap();
    env.ses.only();
}
