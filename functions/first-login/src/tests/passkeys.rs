//! Passkeys on /account: added, renamed, removed, and what is refused.

use axum::Router;
use domain::{AuditAction, LoginMethod, Passkey, User, UserId};
use http_client::{Answer, Browser, StatusCode};
use jiff::SignedDuration;
use serde_json::Value;
use testkit::advance;
use testkit::authenticator::Authenticator;

use super::site::{HANAKO, ORIGIN, PASSWORD, Site, sign_in};

const OPTIONS: &str = "/account/passkeys/options";

impl Site {
    /// Returns the passkeys of the user `usr_hanako`.
    async fn passkeys(&self) -> Vec<Passkey> {
        let workspace_id = &self.env.workspace.workspace_id;
        let hanako = UserId::new("usr_hanako");
        let factors = self.env.store.second_factors(workspace_id, &hanako).await;
        factors.unwrap().passkeys
    }
}

async fn options(browser: &Browser<Router>) -> Value {
    browser.form(OPTIONS, &[]).await.ok().json()
}

async fn submit(browser: &Browser<Router>, answer: &Value) -> Answer {
    let fields = [("answer", &*answer.to_string())];
    browser.form("/account/passkeys", &fields).await
}

async fn add(browser: &Browser<Router>, authenticator: &mut Authenticator) -> Answer {
    let answer = authenticator.register(&options(browser).await);
    submit(browser, &answer).await
}

#[tokio::test]
async fn a_passkey_is_added_renamed_and_removed_on_the_page_of_the_account() {
    let (site, browser) = Site::with_hanako_signed_in().await;
    browser
        .get("/account")
        .await
        .shows(&["パスキーを追加できません"]);
    let added = add(&browser, &mut Authenticator::new(ORIGIN)).await;
    let page = browser.follow(&added).await;
    page.shows(&["パスキーを追加しました。", "不明なブラウザー"]);

    let stored = site.passkeys().await;
    assert_eq!(stored.len(), 1);
    let id = &*stored[0].id;
    let name = [("passkey", id), ("name", " 会社の\u{202E}Mac ")];
    let renamed = browser.form("/account/passkeys/rename", &name).await;
    let page = browser.follow(&renamed).await;
    page.shows(&["パスキーの名前を変更しました。", "会社のMac"]);
    let long = "あ".repeat(51);
    for name in ["", &long] {
        let fields = [("passkey", id), ("name", name)];
        let refused = browser.form("/account/passkeys/rename", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    let removed = [("passkey", id)];
    let removed = browser.form("/account/passkeys/remove", &removed).await;
    let page = browser.follow(&removed).await;
    page.shows(&["パスキーを削除しました。"]);
    assert!(site.passkeys().await.is_empty());
    assert!(site.has_recorded(AuditAction::PasskeyAdded).await);
    assert!(site.has_recorded(AuditAction::PasskeyRemoved).await);
}

#[tokio::test]
async fn a_challenge_is_answered_once_within_five_minutes_and_in_its_own_session() {
    let (site, browser) = Site::with_hanako_signed_in().await;
    let mut authenticator = Authenticator::new(ORIGIN);
    let answer = authenticator.register(&options(&browser).await);
    let other = site.signed_in().await;
    other.get("/account").await;
    options(&other).await;
    let refused = submit(&other, &answer).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    submit(&browser, &answer).await;
    assert_eq!(site.passkeys().await.len(), 1);
    let again = submit(&browser, &answer).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    let answer = Authenticator::new(ORIGIN).register(&options(&browser).await);
    advance(SignedDuration::from_mins(5));
    let late = submit(&browser, &answer).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    late.shows(&["時間が経過したため"]);
    assert_eq!(site.passkeys().await.len(), 1);
}

#[tokio::test]
async fn a_refused_answer_uses_the_challenge_up() {
    let (site, browser) = Site::with_hanako_signed_in().await;
    let mut authenticator = Authenticator::new(ORIGIN);
    authenticator.verifies_user = false;
    let options = options(&browser).await;
    let unverified = submit(&browser, &authenticator.register(&options)).await;
    assert_eq!(unverified.status, StatusCode::UNPROCESSABLE_ENTITY);
    unverified.shows(&["画面ロック"]);
    authenticator.verifies_user = true;
    let second = submit(&browser, &authenticator.register(&options)).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(site.passkeys().await.is_empty());
}

/// Returns the options for the passkey of somebody who gave the password.
async fn options_after_password(browser: &Browser<Router>) -> Value {
    sign_in_page(browser).await;
    let asked = browser.form("/sign-in/second-factor/passkey/options", &[]);
    asked.await.ok().json()
}

async fn sign_in_page(browser: &Browser<Router>) {
    let fields = [("email", HANAKO), ("password", PASSWORD)];
    let entered = browser.form("/sign-in", &fields).await;
    assert_eq!(entered.location(), "/sign-in/second-factor");
    let page = browser.follow(&entered).await;
    page.shows(&["パスキーで続ける"]);
    page.shows_no(&["認証アプリのコード"]);
}

async fn give(browser: &Browser<Router>, answer: &Value) -> Answer {
    let fields = [("answer", &*answer.to_string())];
    browser
        .form("/sign-in/second-factor/passkey", &fields)
        .await
}

#[tokio::test]
async fn a_passkey_completes_the_sign_in_after_the_password_and_nothing_else_does() {
    let (site, browser) = Site::with_hanako_signed_in().await;
    browser.get("/account").await;
    let mut authenticator = Authenticator::new(ORIGIN);
    add(&browser, &mut authenticator).await;

    let browser = site.browser();
    let answer = authenticator.authenticate(&options_after_password(&browser).await);
    assert_eq!(
        browser.get("/account").await.location(),
        "/sign-in/second-factor"
    );
    assert_eq!(give(&browser, &answer).await.location(), "/");
    browser.get("/account").await.shows(&["パスキーを追加"]);

    let other = site.browser();
    options_after_password(&other).await;
    let replayed = give(&other, &answer).await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let options = options_after_password(&other).await;
    let stranger = Authenticator::new(ORIGIN).authenticate(&options);
    let refused = give(&other, &stranger).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    authenticator.verifies_user = false;
    let unverified = authenticator.authenticate(&options_after_password(&other).await);
    give(&other, &unverified).await.shows(&["画面ロック"]);
    assert_eq!(
        other.get("/welcome").await.location(),
        "/sign-in/second-factor"
    );
}

#[tokio::test]
async fn people_who_sign_in_by_sso_add_no_passkey() {
    let (site, browser) = Site::with_hanako_signed_in().await;
    browser.get("/account").await;
    let to_sso = |user: &mut User| user.login_method = LoginMethod::Sso;
    site.env.change_user("usr_hanako", to_sso).await;
    browser
        .form(OPTIONS, &[])
        .await
        .is_refused(409, "single_sign_on");
}

#[tokio::test]
async fn nobody_renames_or_removes_a_passkey_of_somebody_else() {
    let (site, browser) = Site::with_hanako_signed_in().await;
    browser.get("/account").await;
    add(&browser, &mut Authenticator::new(ORIGIN)).await;
    let id = site.passkeys().await[0].id.clone();
    site.user("usr_taro", Some("taro@example.com"), None).await;
    let taro = site.browser();
    sign_in(&taro, "taro@example.com", PASSWORD).await.ok();
    taro.get("/account").await;
    for path in ["/account/passkeys/rename", "/account/passkeys/remove"] {
        taro.form(path, &[("passkey", &*id), ("name", "x")]).await;
    }
    let [passkey] = &*site.passkeys().await else {
        panic!("the passkey was removed");
    };
    assert_ne!(passkey.name, "x");
}
