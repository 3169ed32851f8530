//! Invitation mails that wait in the outbox for a while.

use domain::{
    INVITATION_LIFE, InvitationMails, InvitationPause, MailKind, OutboxMail, PauseReason, Role,
};
use jiff::SignedDuration;
use storage::queues::MailMessage;
use testkit::{TestEnv, advance, now};

use super::deliveries::{deliver, environment, invite_again, invited, waits};
use super::invitations::assert_link_works;

/// Delivers a mail and returns whether it waits afterwards.
async fn still_waits(env: &TestEnv, message: &MailMessage) -> bool {
    deliver(env, message).await.unwrap();
    waits(env, message).await
}

/// Pauses the invitation mails, and returns the message of the mail about it.
async fn pause(env: &TestEnv) -> MailMessage {
    let pause = InvitationPause {
        since: now(),
        reason: PauseReason::Bounces,
        mails: InvitationMails {
            sent: 200,
            bounced: 10,
            complained: 0,
        },
    };
    let mail = OutboxMail::new(MailKind::InvitationsPaused, now());
    let id = &env.workspace.workspace_id;
    let paused = env.store.pause_invitations(id, &pause, now(), &mail);
    assert!(paused.await.unwrap());
    MailMessage {
        workspace_id: id.clone(),
        mail_id: mail.mail_id,
    }
}

#[tokio::test]
async fn a_person_gets_one_invitation_in_ten_minutes_and_then_the_newest() {
    let env = environment().await;
    let (user, first) = invited(&env, "usr_a").await;
    deliver(&env, &first).await.unwrap();
    let second = invite_again(&env, user).await;
    assert!(still_waits(&env, &second).await);
    let third = invite_again(&env, env.user("usr_a").await).await;
    assert!(still_waits(&env, &third).await);
    assert!(
        !still_waits(&env, &second).await,
        "the third took its place"
    );
    assert_eq!(env.services.mails().len(), 1);

    advance(SignedDuration::from_mins(10));
    assert!(!still_waits(&env, &third).await);
    assert_eq!(env.services.mails().len(), 2);
}

#[tokio::test]
async fn a_workspace_sends_twice_its_seats_a_day_and_the_rest_on_the_next() {
    let env = TestEnv::new(60, None).await;
    let (_, message) = invited(&env, "usr_a").await;
    let id = &env.workspace.workspace_id;
    for _ in 0..120 {
        let counted = env.store.count_sent_invitation(id, now());
        counted.await.unwrap();
    }
    assert!(still_waits(&env, &message).await);
    advance(SignedDuration::from_hours(24));
    assert!(!still_waits(&env, &message).await);
    env.services.only_mail();
}

#[tokio::test]
async fn paused_invitations_wait_until_an_operator_lifts_the_pause_and_those_of_admins_go_out() {
    let env = environment().await;
    let (_, of_member) = invited(&env, "usr_a").await;
    let (_, of_admin) = invited(&env, "usr_b").await;
    env.change_user("usr_b", |user| user.role = Role::Administrator)
        .await;
    pause(&env).await;
    assert!(still_waits(&env, &of_member).await);
    assert!(!still_waits(&env, &of_admin).await);
    assert_eq!(env.services.only_mail().to, ["usr-b@example.jp"]);

    env.lift_invitation_pause().await;
    assert!(!still_waits(&env, &of_member).await);
}

#[tokio::test]
async fn after_a_pause_of_five_days_the_link_works_for_72_hours() {
    let env = environment().await;
    let (_, message) = invited(&env, "usr_a").await;
    pause(&env).await;
    for _ in 0..5 {
        assert!(still_waits(&env, &message).await);
        advance(SignedDuration::from_hours(24));
    }
    env.lift_invitation_pause().await;
    assert!(!still_waits(&env, &message).await);

    let mail = env.services.only_mail();
    let text = mail.text();
    assert!(text.contains("2026年12月1日 02:00(日本時間)"), "{text}");
    assert_link_works(&env, &mail).await;
    let stored = env.user("usr_a").await.invitation.unwrap();
    assert_eq!(stored.expires_at, now() + INVITATION_LIFE);
}

#[tokio::test]
async fn an_invitation_for_which_ses_has_no_room_for_four_days_goes_out_with_a_whole_link() {
    let env = environment().await;
    let (_, message) = invited(&env, "usr_a").await;
    env.services.take_at_most(0);
    for _ in 0..4 {
        assert!(still_waits(&env, &message).await);
        advance(SignedDuration::from_hours(24));
    }
    env.services.take_at_most(100);
    assert!(!still_waits(&env, &message).await);
    let text = env.services.only_mail().text();
    assert!(text.contains("2026年11月30日 02:00(日本時間)"), "{text}");
}

#[tokio::test]
async fn the_admins_are_mailed_about_a_pause_unless_it_was_lifted() {
    let env = environment().await;
    env.add_user(testkit::users::system_administrator("boss"))
        .await;
    let message = pause(&env).await;
    deliver(&env, &message).await.unwrap();
    let mail = env.services.only_mail();
    assert!(mail.text().contains("200通のうち10通が届きませんでした"));

    env.lift_invitation_pause().await;
    advance(SignedDuration::from_hours(1));
    let message = pause(&env).await;
    env.lift_invitation_pause().await;
    assert!(!still_waits(&env, &message).await);
    env.services.only_mail();
}
