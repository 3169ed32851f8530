//! The notices to people whom the night gives another address or login method.

use domain::{Credential, User};
use jiff::SignedDuration;
use serde_json::json;
use testkit::{TestEnv, advance, person};

async fn night(env: &TestEnv, crews: &[serde_json::Value]) {
    env.set_crews(crews).await;
    env.nightly_run().await;
    while let Some(message) = env.next_mail() {
        env.deliver(&message).await.unwrap();
    }
    advance(SignedDuration::from_hours(24));
}

/// Returns the recipients of the mails with this text.
fn told(env: &TestEnv, text: &str) -> Vec<String> {
    let mails = env.services.mails().into_iter();
    let mails = mails.filter(|mail| mail.text().contains(text));
    let mut to: Vec<String> = mails.flat_map(|mail| mail.to).collect();
    to.sort();
    to
}

#[tokio::test]
async fn a_person_who_came_in_is_told_at_both_addresses_when_the_night_changes_it() {
    let env = TestEnv::new(100, None).await;
    let mut crews: Vec<_> = (0..3).map(person).collect();
    night(&env, &crews).await;
    let users = env.users().await;
    let address = |number: usize| crews[number]["email"].as_str().unwrap().to_owned();
    let is_first = |user: &&User| {
        user.email
            .as_ref()
            .is_some_and(|it| it.as_str() == address(0))
    };
    let first = users.iter().find(is_first).unwrap().clone();
    let first = env.accept_invitation(first).await;
    assert_eq!(first.credential, Credential::Password);
    let old = address(0);
    crews[0]["email"] = json!("moved0@example.jp");
    // Somebody who has not come in is invited at the new address, and told nothing else.
    crews[1]["email"] = json!("moved1@example.jp");
    night(&env, &crews).await;
    night(&env, &crews).await;
    let mut both = [old, "moved0@example.jp".to_owned()];
    both.sort();
    assert_eq!(told(&env, "メールアドレスが変更されました"), both);
    assert_eq!(env.tables_with("old_email").await, [""; 0]);
}
