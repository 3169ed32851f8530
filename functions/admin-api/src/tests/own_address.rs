//! An admin's own address, which is proven before it changes, and the notices about changed addresses and
//! login methods.

use axum::http::StatusCode;
use domain::AuditAction;
use jiff::SignedDuration;
use serde_json::json;
use storage::audit::AuditFilter;
use testkit::users::{member, synced};

use super::console::{Browser, Console, administrator, system_administrator};

const NEW: &str = "new@example.jp";

impl Console {
    /// Delivers the mails in the queue, and returns the recipients of those with this text.
    async fn mailed(&self, text: &str) -> Vec<String> {
        while let Some(message) = self.env.next_mail() {
            self.env.deliver(&message).await.unwrap();
        }
        let mails = self.env.services.mails().into_iter();
        let with_text = mails.filter(|mail| mail.text().contains(text));
        with_text.flat_map(|mail| mail.to).collect()
    }

    /// Returns the path of the link that was mailed last.
    async fn proof(&self) -> String {
        self.mailed("").await;
        let texts = self.env.mail_texts();
        let mut links = texts
            .iter()
            .filter_map(|text| text.split_once("/users/address-changes/"));
        let (_, rest) = links.next_back().unwrap();
        format!(
            "/users/address-changes/{}",
            rest.split_whitespace().next().unwrap()
        )
    }

    async fn email(&self, id: &str) -> String {
        self.env.user(id).await.email.unwrap().to_string()
    }
}

/// Asks for a new address in the form of the admin's own page.
async fn ask(console: &Console, browser: &Browser, email: &str) {
    let version = console.env.user("administrator").await.version.to_string();
    let fields = [("version", &*version), ("email", email)];
    let answer = browser.form("/users/administrator", &fields).await;
    assert_eq!(answer.location(), "/users/administrator?done=proof-mailed");
    browser
        .follow(&answer)
        .await
        .shows(&["確認メールを送信しました"]);
}

#[tokio::test]
async fn an_address_of_ones_own_changes_when_the_mailed_link_is_used() {
    let (console, browser) = administrator().await;
    ask(&console, &browser, NEW).await;
    let link = console.proof().await;
    assert_eq!(console.mailed("/users/address-changes/").await, [NEW]);
    browser.get(&link).await.shows(&[NEW, "変更する"]);
    assert_eq!(
        console.email("administrator").await,
        "administrator@example.jp"
    );

    testkit::advance(SignedDuration::from_secs(1));

    // Nobody else can use it, also not without signing in.
    let other = console.browser(domain::Role::SystemAdministrator).await;
    for answer in [other.get(&link).await, other.form(&link, &[]).await] {
        assert_eq!(answer.status, StatusCode::GONE);
    }
    let stranger = console.stranger().get(&link).await;
    assert!(stranger.location().starts_with("/sign-in"));

    let answer = browser.form(&link, &[]).await;
    assert_eq!(answer.location(), "/users/administrator?done=proven");
    assert_eq!(console.email("administrator").await, NEW);
    assert_eq!(browser.form(&link, &[]).await.status, StatusCode::GONE);
    let mut told = console.mailed("メールアドレスが変更されました").await;
    told.sort();
    assert_eq!(told, ["administrator@example.jp", NEW]);
    assert_eq!(console.env.tables_with("old_email").await, [""; 0]);

    let filter = AuditFilter::default();
    let events = console
        .env
        .store
        .audit_events(console.id(), &filter, None, 2);
    let actions: Vec<_> = events
        .await
        .unwrap()
        .into_iter()
        .map(|it| it.action)
        .collect();
    assert_eq!(
        actions,
        [AuditAction::OwnAddressProven, AuditAction::OwnAddressAsked]
    );
}

#[tokio::test]
async fn a_link_to_ones_own_address_ends_after_a_day_and_with_the_next_one() {
    let (console, browser) = administrator().await;
    ask(&console, &browser, NEW).await;
    let first = console.proof().await;
    ask(&console, &browser, "newer@example.jp").await;
    let second = console.proof().await;
    assert_eq!(browser.form(&first, &[]).await.status, StatusCode::GONE);
    testkit::advance(SignedDuration::from_hours(24));
    let browser = console.browser(domain::Role::Staff).await;
    let later = browser.get(&second).await;
    assert_eq!(later.status, StatusCode::FORBIDDEN, "of another person");
    assert_eq!(
        console.email("administrator").await,
        "administrator@example.jp"
    );
}

#[tokio::test]
async fn over_the_api_ones_own_address_waits_and_what_is_edited_with_it_does_not() {
    let (console, browser) = administrator().await;
    let path = "/api/v1/users/administrator";
    let change = json!({"email": NEW, "name": "改めた 名前"});
    let answer = browser.patch(path, change).await.ok().json();
    assert_eq!(answer["email"], "administrator@example.jp");
    assert_eq!(answer["name"], "改めた 名前");
    for _ in 0..4 {
        browser.patch(path, json!({"email": NEW})).await.ok();
    }
    let sixth = browser.patch(path, json!({"email": NEW})).await;
    sixth.is_refused(409, "too_many_address_changes");
    console.env.add_user(member("u")).await;
    let taken = browser.patch(path, json!({"email": "u@example.jp"})).await;
    taken.is_refused(409, "email_taken");
    console
        .env
        .change_user("administrator", |user| {
            user.crew_link = synced("s").crew_link;
        })
        .await;
    let locked = browser.patch(path, json!({"email": NEW})).await;
    locked.is_refused(409, "locked_by_smarthr");
}

#[tokio::test]
async fn a_person_is_told_at_both_addresses_when_an_admin_changes_it_and_of_the_login_method() {
    let (console, browser) = system_administrator().await;
    console.env.add_user(member("u")).await;
    let change = json!({"email": NEW});
    browser.patch("/api/v1/users/u", change).await.ok();
    assert_eq!(console.email("u").await, NEW);
    let mut told = console.mailed("メールアドレスが変更されました").await;
    told.sort();
    assert_eq!(told, [NEW, "u@example.jp"]);
    let change = json!({"login_method": "sso"});
    browser.patch("/api/v1/users/u", change).await.ok();
    assert_eq!(console.mailed("認証方法が「SSO」に変更").await, [NEW]);
}
