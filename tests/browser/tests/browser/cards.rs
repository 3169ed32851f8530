//! Initial passwords on paper: cards as a browser prints them.

use browser::Chrome;
use end_to_end::{Person, Story};
use serde_json::json;

const STORY: &str = "cards";

#[tokio::test]
async fn cards_are_printed_on_sheets_of_eight_and_issued_again_for_many() {
    let people: Vec<Person> = (1..=9)
        .map(|number| Person::new(number, "従業員").code(&format!("{number:04}")))
        .collect();
    let mut story = Story::connected(STORY, &people).await;
    let settings = json!({"target": "everyone_and_code_only", "password_csv": "not_attached"});
    story.save(settings).await.ok();
    let run = story.night().await;
    let mails = story.new_mails().await;
    let [mail] = &mails[..] else {
        panic!("{run} {mails:#?}");
    };
    assert!(mail.text.contains("9名"), "{}", mail.text);
    assert!(mail.attachments.is_empty(), "only the number is mailed");

    let admin = Chrome::open_as_admin(&story, STORY).await;
    admin.go("/settings").await;
    admin.click_first("[data-copy] + button").await;
    admin.shows("しました").await;
    admin.inspect("1-企業コードとログインURL").await;
    let id = run["run_id"].as_str().unwrap();
    admin.go(&format!("/settings/smarthr/history/{id}")).await;
    admin.click("初期パスワードのカードを印刷").await;
    admin.shows("9名分のカード").await;
    admin.shows("従業員 太郎 様").await;
    assert!(admin.has_button("印刷する").await);
    assert_eq!(admin.count(".handout use").await, 9);
    admin.inspect("2-初期パスワードのカード").await;
    assert_eq!(admin.printed_pages("cards").await, 2, "eight cards and one");
    admin.go("/users/initial-passwords").await;
    admin.inspect("3-発行した初期パスワード").await;
    admin.go("/users?state=initial_password").await;
    admin
        .click("この条件の従業員コードのみのユーザー全員に再発行")
        .await;
    admin.shows("9名に再発行する").await;
    admin.inspect("4-まとめて再発行").await;
    admin.click("9名に再発行する").await;
    admin.shows("9名の初期パスワードを再発行し").await;
}
