use credentials::{MailedLink, TokenHash};
use domain::{InvitationTexts, Role, Status};
use jiff::SignedDuration;
use storage::queues::MailMessage;
use testkit::{SentMail, TestEnv, advance};

use super::deliveries::{deliver, environment, invite_again, invited, refuse_mails, waits};
use crate::error::DeliveryError;

/// Returns an environment with an invited user, usr-a@example.jp, and the message of the invitation.
async fn with_invitation() -> (TestEnv, MailMessage) {
    let env = environment().await;
    let (_, message) = invited(&env, "usr_a").await;
    (env, message)
}

/// Checks that the hash of the mailed link is the stored one.
pub(super) async fn assert_link_works(env: &TestEnv, mail: &SentMail) {
    let text = mail.text();
    let link = text.split_once("https://app.kitera.example/invitations/");
    let link = link.unwrap().1.split_whitespace().next().unwrap();
    let link = MailedLink::parse(link).unwrap();
    let id = &env.workspace.workspace_id;
    let stored = env.store.user_with_hashes(id, &link.user_id).await;
    let hash = stored.unwrap().unwrap().1.invitation_hash.unwrap();
    assert_eq!(hash, TokenHash::of(&link.secret).as_str());
}

#[tokio::test]
async fn the_mail_has_the_link_whose_hash_is_stored_and_its_end() {
    let (env, message) = with_invitation().await;
    deliver(&env, &message).await.unwrap();

    let mail = env.services.only_mail();
    assert_eq!(mail.to, ["usr-a@example.jp"]);
    assert_eq!(
        mail.subject(),
        "【KiteRa】株式会社テストへの招待: 11月26日 02:00までにパスワードを設定してください"
    );
    let text = mail.text();
    assert!(text.contains("2026年11月26日 02:00(日本時間)"), "{text}");
    assert_link_works(&env, &mail).await;
    assert!(!waits(&env, &message).await);
}

#[tokio::test]
async fn the_link_of_a_mail_that_goes_out_late_works_for_72_hours_from_then_as_the_mail_and_the_record_say()
 {
    let (env, message) = with_invitation().await;
    advance(SignedDuration::from_hours(20));
    // The first attempt dies after the new end is stored.
    refuse_mails(&env, 0, 1, "ServiceUnavailable");
    deliver(&env, &message).await.unwrap_err();
    advance(SignedDuration::from_mins(2));
    deliver(&env, &message).await.unwrap();

    let mail = env.services.only_mail();
    let text = mail.text();
    assert!(text.contains("2026年11月26日 22:00(日本時間)"), "{text}");
    assert_link_works(&env, &mail).await;
    let stored = env.user("usr_a").await;
    let ends = stored.invitation.unwrap().expires_at.to_string();
    assert_eq!(ends, "2026-11-26T13:00:00Z");
    assert_eq!(stored.serial, 1);
}

#[tokio::test]
async fn a_mail_that_is_some_minutes_late_has_the_end_of_the_others_of_its_night() {
    let (env, message) = with_invitation().await;
    let before = env.user("usr_a").await;
    advance(SignedDuration::from_mins(40));
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.user("usr_a").await, before);
}

#[tokio::test]
async fn a_voided_invitation_is_not_revived_by_a_late_mail() {
    // While its link is open, and after it ended while its mail waited.
    for hours in [20, 100] {
        let (env, message) = with_invitation().await;
        advance(SignedDuration::from_hours(hours));
        env.change_user("usr_a", |user| user.void_open_credentials(testkit::now()))
            .await;
        deliver(&env, &message).await.unwrap();
        assert_eq!(env.services.mails().len(), 0);
        assert!(!waits(&env, &message).await);
    }
}

#[tokio::test]
async fn late_mails_of_one_company_change_no_count_that_its_steps_write() {
    let (env, message) = with_invitation().await;
    let id = &env.workspace.workspace_id;
    let before = env.store.users_version(id).await.unwrap();
    advance(SignedDuration::from_hours(20));
    deliver(&env, &message).await.unwrap();
    let after = env.store.users_version(id).await.unwrap();
    assert!(after.is_same_but_for_sign_ins(before) && after != before);
}

#[tokio::test]
async fn a_late_mail_of_somebody_who_changes_at_the_same_moment_waits() {
    let (env, _) = with_invitation().await;
    let id = &env.workspace.workspace_id;
    let seen = env.user("usr_a").await;
    env.change_user("usr_a", |user| user.void_open_credentials(testkit::now()))
        .await;
    let late = seen.with_late_invitation(testkit::now() + SignedDuration::from_hours(20));
    let extended = env.store.extend_invitation(id, &seen, &late.unwrap()).await;
    assert!(!extended.unwrap());
    let stored = env.user("usr_a").await.invitation.unwrap();
    assert_eq!(stored.expires_at, testkit::now(), "it stays voided");
}

#[tokio::test]
async fn the_mail_has_what_the_company_adds_and_its_links_lead_nowhere_else() {
    let (env, message) = with_invitation().await;
    env.change_connection(|it| {
        it.settings.invitation_texts =
            InvitationTexts::new("人事部 内線1234", "https://evil.example を開いて");
    })
    .await;
    deliver(&env, &message).await.unwrap();
    let text = env.services.only_mail().text();
    assert!(text.contains("お問い合わせ先: 人事部 内線1234"), "{text}");
    assert!(text.contains("からのひとこと: 「https："), "{text}");
    assert!(!text.contains("evil.example"), "{text}");
}

#[tokio::test]
async fn a_mail_that_was_sent_leaves_no_seed_behind() {
    let (env, message) = with_invitation().await;
    let outbox = ["outbox"];
    assert_eq!(env.tables_with("derived_from").await, outbox);
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.tables_with("derived_from").await, [""; 0]);
}

#[tokio::test]
async fn a_bounce_of_the_mail_will_name_the_invitation() {
    let (env, message) = with_invitation().await;
    deliver(&env, &message).await.unwrap();
    let tags = env.services.only_mail().tags.join(" ");
    assert_eq!(tags, "workspace_id ws_test user_id usr_a serial 1");
}

#[tokio::test]
async fn a_message_that_comes_twice_sends_one_mail() {
    let (env, message) = with_invitation().await;
    for _ in 0..3 {
        deliver(&env, &message).await.unwrap();
    }
    env.services.only_mail();
}

#[tokio::test]
async fn of_two_deliveries_at_once_one_sends_and_the_other_asks_to_come_again() {
    let (env, message) = with_invitation().await;
    let (one, two) = tokio::join!(deliver(&env, &message), deliver(&env, &message));
    env.services.only_mail();
    assert!(one.is_ok() || two.is_ok());
    for delivered in [one, two] {
        let busy = matches!(delivered, Ok(()) | Err(DeliveryError::ClaimedByAnother));
        assert!(busy, "{delivered:?}");
    }
    deliver(&env, &message).await.unwrap();
    env.services.only_mail();
}

#[tokio::test]
async fn a_second_invitation_says_so_and_the_first_is_not_sent_any_more() {
    let env = environment().await;
    let (user, first) = invited(&env, "usr_a").await;
    let second = invite_again(&env, user).await;
    deliver(&env, &first).await.unwrap();
    deliver(&env, &second).await.unwrap();
    let subject = env.services.only_mail().subject();
    assert!(subject.starts_with("【KiteRa】株式会社テストへの再招待: "));
    assert!(!waits(&env, &first).await);
}

#[tokio::test]
async fn an_invitation_that_is_no_longer_true_is_not_sent() {
    let env = environment().await;
    let (before, of_deleted) = invited(&env, "usr_deleted").await;
    let delete = storage::transaction::UserWrite::Delete { before };
    env.write(delete).await.unwrap();
    let (accepted, of_accepted) = invited(&env, "usr_accepted").await;
    env.accept_invitation(accepted).await;
    for message in [&of_deleted, &of_accepted] {
        deliver(&env, message).await.unwrap();
        assert!(!waits(&env, message).await);
    }
    assert_eq!(env.services.mails().len(), 0);
}

#[tokio::test]
async fn somebody_whose_sso_ended_is_asked_to_set_a_password() {
    let (env, message) = with_invitation().await;
    env.change_user("usr_a", |user| user.status = Status::Active)
        .await;
    deliver(&env, &message).await.unwrap();
    let subject = env.services.only_mail().subject();
    assert!(subject.starts_with("【KiteRa】株式会社テスト: "));
}

#[tokio::test]
async fn the_first_system_administrator_is_not_promised_a_mail_at_two() {
    let (env, message) = with_invitation().await;
    env.change_user("usr_a", |user| {
        user.role = Role::SystemAdministrator;
        user.crew_link = None;
    })
    .await;
    deliver(&env, &message).await.unwrap();
    let text = env.services.only_mail().text();
    assert!(text.contains("システム管理者として招待されました"));
    assert!(!text.contains("午前2時"));
}

#[tokio::test]
async fn a_mail_that_ses_rejects_is_not_tried_again() {
    let (env, message) = with_invitation().await;
    env.services.reject_mails_to("usr-a@example.jp");
    deliver(&env, &message).await.unwrap();
    assert!(!waits(&env, &message).await);
    let note = env.user("usr_a").await.invitation.unwrap().bounced.unwrap();
    assert!(note.contains("配信サービスに拒否されました"), "{note}");
}

#[tokio::test]
async fn a_mail_that_ses_may_take_later_waits_and_is_sent_then() {
    let (env, message) = with_invitation().await;
    refuse_mails(&env, 0, 1, "ServiceUnavailable");
    let later = deliver(&env, &message).await;
    assert!(matches!(later, Err(DeliveryError::Aws(_))));
    assert!(waits(&env, &message).await);
    deliver(&env, &message).await.unwrap();
    env.services.only_mail();
}

#[tokio::test]
async fn a_second_in_which_ses_takes_no_more_is_waited_out() {
    let (env, message) = with_invitation().await;
    refuse_mails(&env, 0, 1, "Throttling");
    deliver(&env, &message).await.unwrap();
    env.services.only_mail();
}
