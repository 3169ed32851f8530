//! Codes and passwords that are typed on a Japanese keyboard.

#![expect(clippy::unwrap_used, reason = "a walk that cannot go on has failed")]

use browser::Chrome;
use end_to_end::{Person, Story, csv_of};
use serde_json::json;

const STORY: &str = "browser-full-width";
const CODE_PASSWORD: &str = "aoi-sora-to-umi-7";

#[tokio::test]
async fn a_code_and_an_initial_password_typed_in_full_width_sign_in() {
    let person = Person::new(1, "田中").code("0012");
    let mut story = Story::connected(STORY, &[person]).await;
    story
        .save(json!({"target": "everyone_and_code_only"}))
        .await
        .ok();
    story.night().await;
    let mails = story.new_mails().await;
    let mail = mails.iter().find(|mail| !mail.attachments.is_empty());
    let csv = csv_of(mail.unwrap());
    let cells = csv[0].iter().map(String::as_str);
    let initial = cells.clone().find(|cell| cell.split('-').count() == 5);
    let initial: String = initial.unwrap().chars().map(full_width).collect();
    let tanaka = Chrome::open(&story, STORY).await;
    tanaka.go("/sign-in?company_code=test").await;
    tanaka.fill("企業コード", "ｔｅｓｔ").await;
    tanaka.fill("従業員コード", "００１２").await;
    let field = "パスワード(初回は初期パスワード)";
    tanaka.fill(field, &initial).await;
    tanaka.inspect("1-全角の従業員コード").await;
    tanaka.click("ログイン").await;
    tanaka.choose_password(CODE_PASSWORD, "設定する").await;
    tanaka.shows("登録が完了しました").await;
}

fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap(),
        c => c,
    }
}
