//! Mails whose message was lost, or that wait for a time.

use std::time::Duration;

use domain::{MailKind, OutboxMail, UserId};
use jiff::SignedDuration;
use testkit::{TestEnv, advance, now, person};

use super::watch;
use crate::watch::{Round, RoundReport, Watch};

/// Returns an environment where the message that asks for the delivery of an invitation was lost.
async fn with_a_lost_message() -> TestEnv {
    let env = TestEnv::new(10, None).await;
    env.set_crews(&[person(1)]).await;
    env.nightly_run().await;
    env.clear_queues();
    env
}

#[tokio::test]
async fn a_mail_whose_message_was_lost_is_asked_for_again_and_arrives() {
    let env = with_a_lost_message().await;
    advance(SignedDuration::from_mins(16));
    let found = watch(&env).handle(Round::Mails {}).await.unwrap();
    assert_eq!(
        found,
        RoundReport::Mails {
            waiting: 1,
            asked_again: 1,
            oldest_seconds: 16 * 60,
        }
    );
    let message = env.next_mail().unwrap();
    env.deliver(&message).await.unwrap();
    assert_eq!(env.services.mails().len(), 1);
    let found = watch(&env).handle(Round::Mails {}).await.unwrap();
    assert_eq!(
        found,
        RoundReport::Mails {
            waiting: 0,
            asked_again: 0,
            oldest_seconds: 0,
        }
    );
}

#[tokio::test]
async fn while_the_queue_holds_as_many_messages_as_mails_wait_none_is_asked_for_twice() {
    let env = TestEnv::new(10, None).await;
    env.set_crews(&[person(1), person(2)]).await;
    env.nightly_run().await;
    advance(SignedDuration::from_mins(16));
    let asked_again = async || match watch(&env).handle(Round::Mails {}).await.unwrap() {
        RoundReport::Mails { asked_again, .. } => asked_again,
        other => panic!("{other:?}"),
    };
    assert_eq!(asked_again().await, 0);
    env.next_mail().unwrap();
    assert_eq!(asked_again().await, 2, "one message was lost");
}

#[tokio::test]
async fn what_a_round_has_no_time_to_ask_for_is_asked_for_by_the_next_one() {
    let env = TestEnv::new(10, None).await;
    let id = &env.workspace.workspace_id;
    for number in 0..1_002 {
        let kind = MailKind::AccountLocked {
            user_id: UserId::new(format!("usr_{number}")),
        };
        let mail = OutboxMail::new(kind, now());
        env.store.put_mail_once(id, &mail).await.unwrap();
    }
    let hurried = Watch {
        time_for_mails: Duration::ZERO,
        ..watch(&env)
    };
    advance(SignedDuration::from_mins(16));
    let asked = async || match hurried.handle(Round::Mails {}).await.unwrap() {
        RoundReport::Mails { asked_again, .. } => asked_again,
        other => panic!("{other:?}"),
    };
    assert_eq!(asked().await, 1_000);
    let mut delivered = 0;
    while let Some(message) = env.next_mail() {
        env.deliver(&message).await.unwrap();
        delivered += 1;
    }
    assert_eq!(delivered, 1_000);
    advance(SignedDuration::from_mins(15));
    assert_eq!(asked().await, 2);
}

#[tokio::test]
async fn a_mail_that_was_just_written_is_left_to_its_own_message() {
    let env = with_a_lost_message().await;
    advance(SignedDuration::from_mins(14));
    let found = watch(&env).handle(Round::Mails {}).await.unwrap();
    assert!(
        matches!(found, RoundReport::Mails { asked_again: 0, .. }),
        "{found:?}"
    );
    assert!(env.next_mail().is_none());
}

#[tokio::test]
async fn a_postponed_mail_waits_for_nobody_and_is_asked_for_in_the_first_round_after_its_time() {
    let env = with_a_lost_message().await;
    let mail = env.waiting_mails().await.remove(0);
    let id = &env.workspace.workspace_id;
    let until = now() + SignedDuration::from_hours(2);
    env.store.postpone_mail(id, &mail, until).await.unwrap();
    for (minutes, waiting, asked_again) in [(119, 0, 0), (2, 1, 1), (900, 1, 0)] {
        advance(SignedDuration::from_mins(minutes));
        let found = watch(&env).handle(Round::Mails {}).await.unwrap();
        let RoundReport::Mails {
            waiting: waits,
            asked_again: asked,
            oldest_seconds,
        } = found
        else {
            panic!("{found:?}");
        };
        assert_eq!((waits, asked), (waiting, asked_again), "{minutes}");
        assert!(oldest_seconds <= 901 * 60, "its time does not count");
    }
}
