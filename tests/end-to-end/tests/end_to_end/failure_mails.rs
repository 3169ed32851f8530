//! A failed run is mailed to the admins once for each reason, and then again after 24 hours.

use end_to_end::{Person, Story};
use serde_json::json;

fn with_a_broken_address() -> Person {
    Person::new(2, "鈴木").email("not an address").code("S-2")
}

fn with_a_broken_code() -> Person {
    let takahashi = Person::new(3, "高橋").email("takahashi@example.jp");
    takahashi.code("S 3")
}

/// Lets some hours pass and runs the sync, which fails. Returns how many mails say so.
async fn mails_after(story: &mut Story, hours: u64) -> usize {
    story.hours_pass(hours).await;
    let run = story.night().await;
    assert_eq!(run["outcome"], "failure");
    let mails = story.new_mails().await.into_iter();
    let failed = mails.filter(|mail| mail.subject.contains("同期に失敗しました"));
    failed.count()
}

#[tokio::test]
async fn the_same_reason_is_mailed_again_after_a_day_and_a_new_one_at_once() {
    let mut story =
        Story::connected("failure-mails", &[Person::sato(), with_a_broken_address()]).await;
    assert_eq!(mails_after(&mut story, 1).await, 1, "the first time");
    assert_eq!(mails_after(&mut story, 23).await, 0, "23 hours later");
    assert_eq!(mails_after(&mut story, 1).await, 1, "24 hours later");

    let both = [
        Person::sato(),
        with_a_broken_address(),
        with_a_broken_code(),
    ];
    story.put_people(&both).await;
    assert_eq!(mails_after(&mut story, 1).await, 1, "a second reason");
    story
        .put_people(&[Person::sato(), with_a_broken_code()])
        .await;
    let fewer = mails_after(&mut story, 1).await;
    assert_eq!(fewer, 0, "one reason fewer is no new reason");
    story.put_people(&both).await;
    let back = mails_after(&mut story, 1).await;
    assert_eq!(back, 0, "nor is one that came back the same day");
}

#[tokio::test]
async fn a_run_that_fails_as_a_whole_is_a_reason_of_its_own() {
    let people = [Person::sato(), with_a_broken_address()];
    let mut story = Story::connected("failure-mails-whole-run", &people).await;
    assert_eq!(mails_after(&mut story, 1).await, 1);
    let fault = json!({ "path": "/api/v1/crews", "count": null, "wrong_total": 9 });
    story.at_smarthr("POST", "faults", fault).await;
    assert_eq!(mails_after(&mut story, 1).await, 1);
    assert_eq!(mails_after(&mut story, 1).await, 0);
    story.at_smarthr("DELETE", "faults", json!(null)).await;
    let again = mails_after(&mut story, 1).await;
    assert_eq!(again, 0, "mailed three hours ago");
}
