//! Crashes during the delivery of mails, at every call. Every invitation arrives, and arrives twice
//! only if SES accepted the mail and its response was lost. All initial passwords arrive and are
//! valid.

use credentials::{InitialPasswordHash, MailedLink, TokenHash};
use jiff::SignedDuration;
use testkit::users::system_administrator;
use testkit::{CrashPoint, TestEnv, advance, code_only, person};

/// Returns an environment after its first run: two people are invited, two are registered by code,
/// and one fails.
async fn first_morning() -> TestEnv {
    let env = TestEnv::new(100, None).await;
    env.add_user(system_administrator("usr_admin")).await;
    let mut nameless = person(20);
    nameless["last_name"] = serde_json::Value::Null;
    let people = (0..2).map(person).chain((10..12).map(code_only));
    env.set_crews(&people.chain([nameless]).collect::<Vec<_>>())
        .await;
    env.nightly_run().await;
    env.proxy.restart(None);
    env
}

/// Delivers every message in the queue, and redelivers those whose delivery crashed, as SQS does.
/// Returns whether a delivery crashed.
async fn deliver_all(env: &TestEnv) -> bool {
    let mut died = false;
    while let Some(message) = env.next_mail() {
        tokio::select! {
            delivered = env.deliver(&message) => delivered.unwrap(),
            () = env.proxy.crashed() => {
                died = true;
                env.proxy.restart(None);
                // The visibility timeout of the queue is longer than a claim.
                advance(SignedDuration::from_mins(6));
                let body = serde_json::to_string(&message).unwrap();
                env.services.put_message("mail", &body);
            }
        }
    }
    died
}

/// Checks that everybody received a valid invitation or initial password. Returns the number of
/// mails that were sent twice.
async fn everybody_gets_in(env: &TestEnv) -> usize {
    let id = &env.workspace.workspace_id;
    assert_eq!(env.waiting_mails().await, [""; 0]);
    let (invitations, passwords) = (invitations(env), env.initial_passwords());
    let mut twice = 0;
    for user in env.users().await {
        let stored = env.store.user_with_hashes(id, &user.user_id).await;
        let (user, hashes) = stored.unwrap().unwrap();
        if let Some(hash) = hashes.invitation_hash {
            let sent = invitations.iter().filter(|it| it.user_id == user.user_id);
            let secrets: Vec<_> = sent.map(|invitation| &invitation.secret).collect();
            assert!((1..=2).contains(&secrets.len()), "{user:?}");
            twice += secrets.len() - 1;
            for secret in secrets {
                assert_eq!(TokenHash::of(secret).as_str(), hash);
            }
        }
        if let Some(hash) = hashes.initial_password_hash {
            let sent = &passwords[&user.name];
            assert!((1..=2).contains(&sent.len()), "{sent:?}");
            let hash = InitialPasswordHash::from(hash);
            for password in sent {
                assert!(hash.matches(&password.as_str().into()), "{password}");
            }
        }
    }
    assert_eq!(passwords.len(), 2);
    twice += passwords.values().map(Vec::len).max().unwrap() - 1;
    let failures = env.mails_with("1名のユーザーを同期できませんでした");
    assert!((1..=2).contains(&failures), "{failures}");
    let run = env.store.newest_run(id).await.unwrap().unwrap();
    let seed = run.password_seed;
    assert_eq!(seed, None, "the passwords cannot be made again");
    twice + failures - 1
}

/// Returns the invitations in all mails.
fn invitations(env: &TestEnv) -> Vec<MailedLink> {
    let texts = env.mail_texts();
    let paths = texts.iter().filter_map(|text| {
        let (_, path) = text.split_once("http://localhost/invitations/")?;
        path.split_whitespace().next()
    });
    paths.map(|path| MailedLink::parse(path).unwrap()).collect()
}

/// Crashes a delivery at each call in turn, until no call is left.
async fn dies_everywhere(crash_point: fn(usize) -> CrashPoint) {
    let (mut points, mut mails_twice) = (0, 0);
    loop {
        let env = first_morning().await;
        env.proxy.restart(Some(crash_point(points)));
        if !deliver_all(&env).await {
            break;
        }
        let twice = everybody_gets_in(&env).await;
        assert!(twice <= 1, "{:?}: {twice}", crash_point(points));
        mails_twice += twice;
        points += 1;
    }
    println!("crash points: {points}, recovered: {points}, lost: 0, mails twice: {mails_twice}");
    assert!(points > 15, "{points}");
}

#[tokio::test]
async fn a_delivery_that_dies_before_any_call_is_taken_up_again_and_everybody_gets_in() {
    dies_everywhere(CrashPoint::Before).await;
}

#[tokio::test]
async fn a_delivery_that_dies_before_any_answer_is_taken_up_again_and_everybody_gets_in() {
    dies_everywhere(CrashPoint::After).await;
}

#[tokio::test]
async fn two_deliveries_of_one_message_at_once_send_one_mail() {
    let env = first_morning().await;
    while let Some(message) = env.next_mail() {
        let (one, other) = tokio::join!(env.deliver(&message), env.deliver(&message));
        assert!(one.is_ok() || other.is_ok());
        // SQS redelivers the message.
        env.deliver(&message).await.unwrap();
    }
    assert_eq!(everybody_gets_in(&env).await, 0);
}

#[tokio::test]
async fn mails_whose_messages_were_lost_are_asked_for_again_by_the_next_run() {
    let env = first_morning().await;
    env.clear_queues();
    advance(SignedDuration::from_hours(1));
    env.run(&env.manual_message()).await.unwrap();
    assert!(!deliver_all(&env).await);
    assert_eq!(everybody_gets_in(&env).await, 0);
}
