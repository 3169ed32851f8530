//! What people read when something does not go as the manual says.

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Person, Story, invitation_link};
use serde_json::json;

const PASSWORD: &str = "kawa-no-nagare-2026";

async fn admin_of(story: &Story) -> Chrome {
    let admin = Chrome::open("refusals", story.stack.base_url()).await;
    admin.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    admin.says("ログインしました").await;
    admin
}

#[tokio::test]
async fn whoever_cancels_at_smarthr_reads_that_nothing_was_linked() {
    let story = Story::begin("browser-denied").await;
    let admin = admin_of(&story).await;
    admin.go("/settings/smarthr").await;
    admin.click("連携する").await;
    admin.says("SmartHRにログイン").await;
    admin.click("キャンセル").await;
    admin.says("連携がキャンセルされました").await;
    admin.look("SmartHRでキャンセル").await;
    admin.click("KiteRaに戻る").await;
    admin.says("SmartHRと連携されていません").await;
}

#[tokio::test]
async fn a_wrong_password_is_refused_without_telling_what_was_wrong() {
    let story = Story::begin("browser-wrong-password").await;
    let chrome = Chrome::open("refusals", story.stack.base_url()).await;
    chrome.sign_in(ADMIN_EMAIL, "not-the-password").await;
    chrome.says("ログインできませんでした。").await;
    chrome.look("パスワードが違う").await;
    let known = chrome.text().await;
    chrome
        .sign_in("nobody@example.jp", "not-the-password")
        .await;
    chrome.says("ログインできませんでした。").await;
    assert_eq!(chrome.text().await, known);
}

#[tokio::test]
async fn a_link_that_is_dead_or_a_weak_password_says_what_to_do() {
    let sato = Person::new(1, "佐藤").email("sato@example.jp");
    let mut story = Story::connected("browser-links", &[sato]).await;
    story.night().await;
    let link = invitation_link(&story.new_mails().await[0]);
    let chrome = Chrome::open("refusals", story.stack.base_url()).await;
    chrome.go(&link).await;
    chrome.fill("新しいパスワード", "1234567890").await;
    chrome.fill("新しいパスワード(確認)", "1234567890").await;
    chrome.click("登録する").await;
    chrome.says("パスワード").await;
    assert_eq!(chrome.count("[role=alert]").await, 1);
    chrome.look("弱いパスワード").await;
    story.hours_pass(73).await;
    chrome.go(&link).await;
    chrome.says("リンクの有効期限が切れています").await;
    chrome.look("期限切れのリンク").await;
    chrome.go("/invitations/unknown").await;
    chrome.says("このリンクは使用できません").await;
    chrome.look("使用できないリンク").await;
}

#[tokio::test]
async fn sso_cannot_be_chosen_while_it_is_not_configured_and_the_page_says_why() {
    let story = Story::connected("browser-no-sso", &[]).await;
    let admin = admin_of(&story).await;
    admin.go("/settings/smarthr").await;
    admin
        .says("ワークスペースのSSOが設定されていないため")
        .await;
    assert!(admin.is_enabled("パスワード").await);
    assert!(!admin.is_enabled("SSO").await);
    assert!(!admin.is_enabled("個別設定").await);
    admin.look("SSOが設定されていない").await;
}

#[tokio::test]
async fn a_member_sees_the_link_without_buttons_and_no_users() {
    let sato = Person::new(1, "佐藤").email("sato@example.jp");
    let mut story = Story::connected("browser-member", &[sato]).await;
    story.night().await;
    let link = invitation_link(&story.new_mails().await[0]);
    let member = Chrome::open("refusals", story.stack.base_url()).await;
    member.go(&link).await;
    member.fill("新しいパスワード", PASSWORD).await;
    member.fill("新しいパスワード(確認)", PASSWORD).await;
    member.click("登録する").await;
    member.says("登録が完了しました").await;
    member.look("メンバーのトップ").await;
    assert!(!member.offers("ワークスペース設定").await);
    member.go("/settings/smarthr").await;
    member
        .says("役割が「システム管理者」「管理者」のユーザーのみ操作可能です")
        .await;
    member.look("メンバーのSmartHR").await;
    for button in [
        "連携する",
        "解除する",
        "設定を保存",
        "今すぐ同期",
        "プレビュー",
    ] {
        assert!(!member.offers(button).await, "{button}");
    }
    for page in [
        "/users",
        "/users/deleted",
        "/settings",
        "/settings/smarthr/history",
    ] {
        member.go(page).await;
        member.says("この画面は表示できません").await;
    }
    member.look("メンバーに表示できない画面").await;
}

#[tokio::test]
async fn a_run_that_failed_as_a_whole_shows_its_reason_and_what_to_do() {
    let mut story = Story::connected("browser-down", &[]).await;
    let fault = json!({ "path": "/api/v1/crews", "wrong_total": 9 });
    story.at_smarthr("POST", "faults", fault).await;
    story.night().await;
    let admin = admin_of(&story).await;
    admin.go("/settings/smarthr/history").await;
    admin.says("失敗").await;
    admin.look("同期全体の失敗").await;
    admin.open_first("table.list tbody td a").await;
    admin.says("同期に失敗しました。").await;
    admin.says("対処").await;
    admin.look("同期全体の失敗の詳細").await;
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_said_in_the_frame_and_the_keyboard_finds_on() {
    let story = Story::begin("browser-unknown").await;
    let stranger = Chrome::open("refusals", story.stack.base_url()).await;
    stranger.go("/nothing").await;
    stranger.says("このURLは存在しません。").await;
    stranger.look("存在しないURL-ログイン前").await;
    let admin = admin_of(&story).await;
    admin.go("/nothing").await;
    admin.says("このURLは存在しません。").await;
    assert!(admin.offers("ユーザー管理").await);
    admin.look("存在しないURL").await;
    for next in ["本文へ移動", "KiteRa", "ログアウト", "ワークスペース設定"] {
        assert_eq!(admin.tab().await, next);
        assert_eq!(admin.outline().await, "3px", "{next} shows the focus");
    }
    admin.picture("キーボードで移動").await;
}

#[tokio::test]
async fn a_form_of_a_session_that_is_over_is_refused_in_the_frame_of_the_new_one() {
    let story = Story::connected("browser-old-form", &[]).await;
    let admin = admin_of(&story).await;
    admin.go("/settings/smarthr").await;
    admin.keep_form_of_another_session().await;
    admin.click("設定を保存").await;
    admin.says("画面の有効期限が切れました。").await;
    assert!(admin.offers("ユーザー管理").await);
    admin.look("有効期限の切れた画面").await;
}
