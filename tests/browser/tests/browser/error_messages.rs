//! What people read when something fails.

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, Person, Story, invitation_link};
use serde_json::json;

/// The folder of the screenshots.
const SCREENSHOTS: &str = "refusals";

/// Begins a story in which one person is invited; returns the link of the invitation too.
async fn invitation(name: &str) -> (Story, String) {
    let sato = Person::new(1, "佐藤").email("sato@example.jp");
    let mut story = Story::connected(name, &[sato]).await;
    story.night().await;
    let link = invitation_link(&story.new_mails().await[0]);
    (story, link)
}

#[tokio::test]
async fn an_admin_who_cancels_at_smarthr_reads_that_nothing_was_connected() {
    let story = Story::begin("browser-denied").await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings/smarthr").await;
    admin.click("連携する").await;
    admin.shows("SmartHRにログイン").await;
    admin.click("キャンセル").await;
    admin.shows("連携がキャンセルされました").await;
    admin.inspect("SmartHRでキャンセル").await;
    admin.click("KiteRaに戻る").await;
    admin.shows("SmartHRと連携されていません").await;
}

#[tokio::test]
async fn a_wrong_password_is_refused_without_revealing_what_was_wrong() {
    let story = Story::begin("browser-wrong-password").await;
    let chrome = Chrome::open(&story, SCREENSHOTS).await;
    let wrong = "not-the-password";
    chrome.try_sign_in(ADMIN_EMAIL, wrong).await;
    chrome.shows("ログインできませんでした。").await;
    chrome.inspect("パスワードが違う").await;
    let known = chrome.text().await;
    chrome.try_sign_in("nobody@example.jp", wrong).await;
    chrome.shows("ログインできませんでした。").await;
    assert_eq!(chrome.text().await, known);
}

#[tokio::test]
async fn an_expired_link_and_a_weak_password_say_what_to_do() {
    let (mut story, link) = invitation("browser-links").await;
    let chrome = Chrome::open(&story, SCREENSHOTS).await;
    chrome.go(&link).await;
    chrome.choose_password("1234567890", "登録する").await;
    chrome.shows("パスワード").await;
    assert_eq!(chrome.count("[role=alert]").await, 1);
    chrome.inspect("弱いパスワード").await;
    story.hours_pass(73).await;
    chrome.go(&link).await;
    chrome.shows("リンクの有効期限が切れています").await;
    chrome.inspect("期限切れのリンク").await;
    chrome.go("/invitations/unknown").await;
    chrome.shows("このリンクは使用できません").await;
    chrome.inspect("使用できないリンク").await;
}

#[tokio::test]
async fn sso_cannot_be_chosen_while_it_is_not_configured_and_the_page_says_why() {
    let story = Story::connected("browser-no-sso", &[]).await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings/smarthr").await;
    admin
        .shows("ワークスペースのSSOが設定されていないため")
        .await;
    assert!(admin.is_enabled("パスワード").await);
    assert!(!admin.is_enabled("SSO").await);
    assert!(!admin.is_enabled("個別設定").await);
    admin.inspect("SSOが設定されていない").await;
}

#[tokio::test]
async fn a_member_sees_the_connection_without_buttons_and_no_users() {
    let (story, link) = invitation("browser-member").await;
    let member = Chrome::open(&story, SCREENSHOTS).await;
    member.go(&link).await;
    member
        .choose_password("kawa-no-nagare-2026", "登録する")
        .await;
    member.shows("登録が完了しました").await;
    member.inspect("メンバーのトップ").await;
    assert!(!member.has_button("ワークスペース設定").await);
    member.go("/settings/smarthr").await;
    member
        .shows("役割が「システム管理者」「管理者」のユーザーのみ操作可能です")
        .await;
    member.inspect("メンバーのSmartHR").await;
    for button in [
        "連携する",
        "解除する",
        "設定を保存",
        "今すぐ同期",
        "プレビュー",
    ] {
        assert!(!member.has_button(button).await, "{button}");
    }
    for page in [
        "/users",
        "/users/deleted",
        "/settings",
        "/settings/smarthr/history",
    ] {
        member.go(page).await;
        member.shows("この画面は表示できません").await;
    }
    member.inspect("メンバーに表示できない画面").await;
}

#[tokio::test]
async fn a_run_that_failed_as_a_whole_shows_its_reason_and_what_to_do() {
    let mut story = Story::connected("browser-down", &[]).await;
    let fault = json!({ "path": "/api/v1/crews", "wrong_total": 9 });
    story.at_smarthr("POST", "faults", fault).await;
    story.night().await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings/smarthr/history").await;
    admin.shows("失敗").await;
    admin.inspect("同期全体の失敗").await;
    admin.click_first("table.list tbody td a").await;
    admin.shows("同期に失敗しました。").await;
    admin.shows("対処").await;
    admin.inspect("同期全体の失敗の詳細").await;
}

#[tokio::test]
async fn an_unknown_address_is_explained_in_the_frame_and_the_keyboard_works() {
    let story = Story::begin("browser-unknown").await;
    let stranger = Chrome::open(&story, SCREENSHOTS).await;
    stranger.go("/nothing").await;
    stranger.shows("このURLは存在しません。").await;
    stranger.inspect("存在しないURL-ログイン前").await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/nothing").await;
    admin.shows("このURLは存在しません。").await;
    assert!(admin.has_button("ユーザー管理").await);
    admin.inspect("存在しないURL").await;
    for next in [
        "本文へ移動",
        "KiteRa",
        "管理 花子(システム管理者)",
        "ログアウト",
        "ホーム",
        "ワークスペース設定",
    ] {
        assert_eq!(admin.tab().await, next);
        assert_eq!(admin.outline().await, "3px", "{next} shows the focus");
    }
    admin.screenshot("キーボードで移動").await;
}

#[tokio::test]
async fn a_form_of_an_ended_session_is_refused_in_the_frame_of_the_new_one() {
    let story = Story::connected("browser-old-form", &[]).await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings/smarthr").await;
    admin.keep_form_of_another_session().await;
    admin.click("設定を保存").await;
    admin.shows("画面の有効期限が切れました。").await;
    assert!(admin.has_button("ユーザー管理").await);
    admin.inspect("有効期限の切れた画面").await;
}
