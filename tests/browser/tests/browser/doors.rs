//! The ways back in, as people walk them: a forgotten password, a code typed on a Japanese keyboard, and a
//! company that would lock itself out.

#![expect(clippy::unwrap_used, reason = "a walk that cannot go on has failed")]

use std::time::Duration;

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, AuthenticatorApp, Person, Story, csv_of};
use serde_json::json;

const STORY: &str = "doors";
const NEW_PASSWORD: &str = "yoru-no-kujira-88";
const ANOTHER_PASSWORD: &str = "umi-no-mukou-no-asa";
const CODE_PASSWORD: &str = "aoi-sora-to-umi-7";

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail_and_leads_back_to_the_page_that_was_asked_for() {
    let mut story = Story::begin(STORY).await;
    let admin = Chrome::open(&story, STORY).await;
    admin.go("/users").await;
    admin.shows("表示するには、ログインしてください").await;
    admin.inspect("1-ログインが必要").await;
    admin.click("パスワードをお忘れの方").await;
    admin.fill("メールアドレス", "ａｄｍｉｎ＠example.jp").await;
    admin.click("再設定メールを送信する").await;
    admin.inspect("2-再設定メールを送信").await;
    let mails = story.new_mails().await;
    let text = &mails.last().unwrap().text;
    let link = &text[text.find("http").unwrap()..];
    admin.go(link.split_whitespace().next().unwrap()).await;
    admin.shows("パスワードの再設定").await;
    admin.tick("パスワードを表示する").await;
    admin.inspect("3-新しいパスワード").await;
    admin.choose_password(NEW_PASSWORD, "設定する").await;
    admin.shows("企業コード:").await;

    admin.click_first("a.person").await;
    admin.shows("(このブラウザー)").await;
    admin.inspect("7-アカウント").await;
    admin.fill("現在のパスワード", NEW_PASSWORD).await;
    admin.choose_password(ANOTHER_PASSWORD, "変更する").await;
    admin.shows("パスワードを変更しました。").await;
    admin.inspect("8-変更したパスワード").await;
    admin.click("ログアウト").await;

    admin.try_sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    admin.shows("ログインできませんでした").await;
    admin.go("/users").await;
    admin.fill("メールアドレス", ADMIN_EMAIL).await;
    admin.fill("パスワード", ANOTHER_PASSWORD).await;
    admin.click("ログイン").await;
    admin.shows("ユーザー管理").await;
    admin.shows(ADMIN_EMAIL).await;
}

#[tokio::test]
async fn a_second_factor_is_set_up_asked_for_and_replaced_by_a_recovery_code() {
    let story = Story::begin("doors-second-factor").await;
    let admin = Chrome::open_as_admin(&story, STORY).await;
    admin.go("/account").await;
    admin.click("認証アプリを設定する").await;
    admin.inspect("9-認証アプリの設定").await;
    let app = AuthenticatorApp::reading(&admin.text().await);
    admin
        .fill(
            "認証アプリに表示された6桁のコード",
            &app.code_at(story.stack.clock().now()),
        )
        .await;
    admin.click("設定する").await;
    admin.shows("一度しか表示されません").await;
    admin.inspect("10-リカバリーコード").await;
    let page = admin.text().await;
    let recovery = page
        .split_whitespace()
        .find(|word| word.matches('-').count() == 5);
    admin.click("アカウントに進む").await;
    admin.shows("未使用のリカバリーコードは10個です").await;
    admin.inspect("11-二段階認証").await;
    admin.click("ログアウト").await;

    admin.try_sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    admin
        .shows("認証アプリのコード(6桁)、またはリカバリーコード")
        .await;
    // Its code is accepted already.
    let next_half_minute = story.stack.clock().now() + Duration::from_secs(30);
    admin.inspect("12-二段階認証のコード").await;
    admin
        .fill(
            "認証アプリのコード(6桁)、またはリカバリーコード",
            &app.code_at(next_half_minute),
        )
        .await;
    admin.click("ログイン").await;
    admin.shows("企業コード:").await;
    admin.click("ログアウト").await;

    admin.try_sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    admin
        .fill(
            "認証アプリのコード(6桁)、またはリカバリーコード",
            recovery.unwrap(),
        )
        .await;
    admin.click("ログイン").await;
    admin.shows("企業コード:").await;
    admin.go("/account").await;
    admin.shows("未使用のリカバリーコードは9個です").await;
}

#[tokio::test]
async fn a_code_and_an_initial_password_typed_in_full_width_sign_in() {
    let person = Person::new(1, "田中").code("0012");
    let mut story = Story::connected("doors-code", &[person]).await;
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
    tanaka.inspect("4-全角の従業員コード").await;
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

#[tokio::test]
async fn sso_is_not_saved_before_a_system_administrator_stays_with_a_password() {
    let boss = Person::new(1, "管理").email(ADMIN_EMAIL);
    let tanaka = Person::new(2, "田中").email("tanaka@example.jp");
    let mut story = Story::connected("doors-sso", &[boss, tanaka]).await;
    story.store_tested_sso().await;
    let run = story.night().await;
    let run_id = run["run_id"].as_str().unwrap();
    let id = story.user("管理").await["id"].clone();
    let answer = json!({"user_ids": [id], "decision": "allow"});
    let held = format!("/api/v1/runs/{run_id}/held-account-changes");
    story.admin.post(&held, answer).await.ok();
    story.next_night().await;

    let admin = Chrome::open(&story, STORY).await;
    admin.sign_in_as_admin().await;
    admin.go("/settings/smarthr").await;
    admin.tick("SSO").await;
    admin.click("設定を保存").await;
    admin.shows("「緊急用アカウント」にしてください").await;
    admin.inspect("5-保存できない").await;
    admin.go("/users").await;
    admin.click("管理 太郎").await;
    admin.tick("緊急用アカウント").await;
    admin.click("保存する").await;
    admin.shows("ユーザー情報を保存しました。").await;
    admin.inspect("6-緊急用アカウント").await;
    admin.go("/settings/smarthr").await;
    admin.tick("SSO").await;
    admin.click("設定を保存").await;
    admin.shows("1名の認証方法がSSOに変わり").await;
    admin.inspect("6-設定を保存した場合のプレビュー").await;
    admin.click("保存する").await;
    admin.shows("SmartHRの設定を保存しました").await;
    story.next_night().await;
    admin.sign_in_as_admin().await;
}

#[tokio::test]
async fn a_deletion_long_after_signing_in_asks_for_the_password_and_leads_back() {
    let person = Person::new(1, "田中").email("tanaka@example.jp");
    let mut story = Story::connected("doors-confirmation", &[person]).await;
    story.night().await;
    let admin = Chrome::open(&story, STORY).await;
    admin.sign_in_as_admin().await;
    story
        .stack
        .clock()
        .advance(Duration::from_mins(11))
        .unwrap();
    admin.go("/settings/smarthr").await;
    admin.shows("10分以内の本人確認が必要です").await;
    admin.inspect("9-本人確認の案内").await;
    admin.go("/users").await;
    admin.click("田中 太郎").await;
    admin.click("ユーザーを削除").await;
    admin.click("削除する").await;
    admin.shows("影響の大きい操作の前に").await;
    admin.inspect("10-本人確認").await;
    admin.fill("パスワード", "chigau-password").await;
    admin.click("確認する").await;
    admin.shows("現在のパスワードが正しくありません。").await;
    admin.fill("パスワード", ADMIN_PASSWORD).await;
    admin.click("確認する").await;
    admin
        .shows("本人確認ができました。もう一度操作してください。")
        .await;
    admin.inspect("11-本人確認ができました").await;
    admin.click("削除する").await;
    admin.shows("ユーザーを削除しました。").await;
}
