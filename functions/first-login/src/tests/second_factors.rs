//! The second factor: setting it up, signing in with it, and losing it.

use axum::Router;
use credentials::Random;
use domain::{AuditAction, Role, User, Workspace};
use http_client::{Answer, Browser, StatusCode};
use jiff::SignedDuration;
use serde_json::json;
use storage::transaction::{CredentialHashChanges, UserWrite};
use testkit::second_factors::SecondFactor;
use testkit::{advance, now};

use super::site::{HANAKO, PASSWORD, Site, sign_in};

const PAGE: &str = "/sign-in/second-factor";

impl Site {
    /// As [`Site::with_hanako`], with a second factor of hers.
    async fn with_second_factor() -> (Self, SecondFactor) {
        let site = Self::with_hanako().await;
        let factor = site.env.add_second_factor("usr_hanako").await;
        (site, factor)
    }

    /// Returns a browser in which the password was given and the second factor is awaited.
    async fn after_password(&self) -> Browser<Router> {
        let browser = self.signed_in().await;
        let home = browser.get("/welcome").await;
        assert_eq!(home.location(), PAGE);
        browser
    }

    async fn mails_that_say(&self, text: &str) -> usize {
        while let Some(message) = self.env.next_mail() {
            self.env.deliver(&message).await.unwrap();
        }
        self.env.mails_with(text)
    }
}

async fn give(browser: &Browser<Router>, code: &str) -> Answer {
    let answer = browser
        .post("/api/v1/second-factor", json!({"code": code}))
        .await;
    if answer.status != StatusCode::OK {
        assert_eq!(browser.get("/welcome").await.location(), PAGE);
    }
    answer
}

/// Returns what stands between two texts of a page.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let rest = page.split(start).nth(1).unwrap();
    rest.split(end).next().unwrap()
}

#[tokio::test]
async fn after_the_password_the_code_of_the_app_lets_in_once_and_nothing_does_before() {
    let (site, factor) = Site::with_second_factor().await;
    let browser = site.browser();
    let answer = sign_in(&browser, HANAKO, PASSWORD).await.ok();
    assert_eq!(answer.json()["second_factor_required"], true);
    assert_eq!(site.env.last_sign_in("usr_hanako").await, None);
    for path in [
        "/welcome",
        "/account",
        "/first-login",
        "/account/second-factor",
    ] {
        assert_eq!(browser.get(path).await.location(), PAGE, "{path}");
    }
    let new = json!({"new_password": "aoi-sora-to-umi", "current_password": PASSWORD});
    let refused = browser.post("/api/v1/password", new).await;
    assert_eq!(refused.problem(), "second_factor_required");

    let code = factor.code();
    assert_eq!(
        give(&browser, "000000x").await.problem(),
        "second_factor_wrong"
    );
    let other = site.after_password().await;
    give(&browser, &code).await.ok();
    assert_eq!(site.env.last_sign_in("usr_hanako").await, Some(now()));
    browser.get("/welcome").await.html();
    assert_eq!(give(&other, &code).await.problem(), "second_factor_wrong");
    // The session that awaited the code has ended with it.
    advance(SignedDuration::from_secs(30));
    let form = [("code", &*factor.code()), ("return_to", "/account")];
    assert_eq!(other.form(PAGE, &form).await.location(), "/account");
}

#[tokio::test]
async fn an_app_that_was_set_up_on_the_account_page_is_asked_for_and_its_recovery_codes_work_once()
{
    let (site, browser) = Site::with_hanako_signed_in().await;
    let page = browser.get("/account/second-factor").await;
    let page = page.html();
    assert!(page.contains("<svg "));
    let (seed, key) = (
        between(page, "name=\"seed\" value=\"", "\""),
        between(page, "name=\"key\" value=\"", "\""),
    );
    let wrong = [("seed", seed), ("key", key), ("code", "12345")];
    let again = browser.form("/account/second-factor", &wrong).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains(seed));
    let code = factor_code(page);
    let right = [("seed", seed), ("key", key), ("code", &*code)];
    let codes = browser.form("/account/second-factor", &right).await;
    let codes: Vec<&str> = codes.html().split("<li><code>").skip(1).collect();
    assert_eq!(codes.len(), 10);
    let recovery = codes[0].split('<').next().unwrap();
    assert!(site.mails_that_say("二段階認証が設定されました").await > 0);
    assert!(site.has_recorded(AuditAction::SecondFactorAdded).await);

    let first = site.after_password().await;
    give(&first, recovery).await.ok();
    assert!(
        site.mails_that_say("リカバリーコードが使用されました")
            .await
            > 0
    );
    assert!(site.has_recorded(AuditAction::RecoveryCodeUsed).await);
    let account = first.get("/account").await;
    account.shows(&["9個"]);
    let second = site.after_password().await;
    assert_eq!(
        give(&second, recovery).await.problem(),
        "second_factor_wrong"
    );
}

#[tokio::test]
async fn somebody_who_gives_a_code_can_make_new_recovery_codes_and_remove_the_app() {
    let (site, factor) = Site::with_second_factor().await;
    let browser = site.after_password().await;
    give(&browser, &factor.code()).await.ok();
    let (codes, remove) = (
        "/account/second-factor/recovery-codes",
        "/account/second-factor/remove",
    );
    for path in [codes, remove] {
        let refused = browser.form(path, &[("code", "123456")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    let old = &*factor.recovery_codes[0];
    browser.form(codes, &[("code", old)]).await.html();
    let other = &*factor.recovery_codes[1];
    let refused = browser.form(remove, &[("code", other)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    advance(SignedDuration::from_secs(30));
    let removed = browser.form(remove, &[("code", &factor.code())]).await;
    assert!(removed.location().starts_with("/account?"));
    for action in [
        AuditAction::RecoveryCodesMade,
        AuditAction::SecondFactorRemoved,
    ] {
        assert!(site.has_recorded(action).await, "{action:?}");
    }
    assert!(site.mails_that_say("認証アプリが削除されました").await > 0);
    assert_eq!(
        site.signed_in().await.get("/welcome").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn who_has_an_app_confirms_with_its_code_and_not_with_the_password() {
    let (site, factor) = Site::with_second_factor().await;
    let browser = site.after_password().await;
    give(&browser, &factor.code()).await.ok();
    browser
        .get("/account/confirm")
        .await
        .shows(&["認証アプリのコード"]);
    let path = "/api/v1/session/confirmation";
    let by_password = browser.post(path, json!({"password": PASSWORD})).await;
    assert_eq!(by_password.problem(), "second_factor_wrong");
    advance(SignedDuration::from_secs(30));
    let by_code = browser.post(path, json!({"code": factor.code()})).await;
    by_code.ok();
}

#[tokio::test]
async fn wrong_codes_are_refused_from_the_tenth_on_and_a_recovery_code_lets_in_all_the_same() {
    let (site, factor) = Site::with_second_factor().await;
    let browser = site.after_password().await;
    let mut wrong = 0;
    for _ in 0..10 {
        wrong += usize::from(give(&browser, "000000").await.status == StatusCode::FORBIDDEN);
        advance(SignedDuration::from_secs(35));
    }
    assert_eq!(wrong, 10);
    // Also from another network, and in a browser that was in before.
    let elsewhere = site.browser_at("198.51.100.9");
    sign_in(&elsewhere, HANAKO, PASSWORD).await.ok();
    let locked = give(&elsewhere, &factor.code()).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    give(&browser, &factor.recovery_codes[0]).await.ok();
    advance(SignedDuration::from_secs(30));
    give(&elsewhere, &factor.code()).await.ok();
}

#[tokio::test]
async fn after_a_hundred_wrong_codes_in_a_row_only_a_new_password_makes_codes_work_again() {
    let (site, factor) = Site::with_second_factor().await;
    let browser = site.after_password().await;
    for _ in 0..100 {
        // The pace lets ten through every quarter of an hour.
        advance(SignedDuration::from_mins(5));
        let refused = give(&browser, "000000").await;
        assert_eq!(refused.problem(), "second_factor_wrong");
    }
    let browser = site.after_password().await;
    let locked = give(&browser, &factor.code()).await;
    assert_eq!(locked.problem(), "second_factor_locked");
    let id = &site.env.workspace.workspace_id;
    let user = site.env.user("usr_hanako").await;
    site.env
        .store
        .end_sessions(id, &user.user_id)
        .await
        .unwrap();
    let browser = site.after_password().await;
    give(&browser, &factor.code()).await.ok();
}

/// A model of RFC 6238 with a window of one step, in which each step and those before it work once.
#[tokio::test]
async fn whatever_codes_are_typed_each_step_lets_in_once_and_no_earlier_one_after_it() {
    let (site, factor) = Site::with_second_factor().await;
    let random = Random::seeded(19);
    let mut last_step = 0;
    for _ in 0..40 {
        let [pause, offset] = random.bytes::<2>();
        advance(SignedDuration::from_secs(i64::from(pause % 90)));
        let offset = i64::from(offset % 5) - 2;
        let step = testkit::now().as_second() / 30 + offset;
        let browser = site.after_password().await;
        let code = factor.code_after(30 * offset);
        let answer = give(&browser, &code).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            advance(SignedDuration::from_mins(15));
            continue;
        }
        let expected = offset.abs() <= 1 && step > last_step;
        assert_eq!(answer.status == StatusCode::OK, expected, "{offset} {step}");
        if expected {
            last_step = step;
        }
    }
}

#[tokio::test]
async fn an_admin_may_wait_for_fourteen_days_and_then_sets_a_second_factor_up_first() {
    let site = Site::with_hanako().await;
    let before = site.env.user("usr_hanako").await;
    let after = User {
        role: Role::Administrator,
        version: before.version + 1,
        ..before.clone()
    };
    let hashes = CredentialHashChanges::default();
    let change = UserWrite::Change {
        before,
        after,
        hashes,
    };
    site.env.write(change).await.unwrap();
    let workspace = Workspace {
        second_factor_required_since: Some(testkit::now()),
        ..site.env.workspace.clone()
    };
    site.env.store.put_workspace(&workspace, &[]).await.unwrap();
    advance(SignedDuration::from_hours(14 * 24 - 1));
    let browser = site.signed_in().await;
    browser.get("/account").await.html();
    advance(SignedDuration::from_hours(2));
    let browser = site.signed_in().await;
    assert_eq!(
        browser.get("/welcome").await.location(),
        "/account/second-factor"
    );
    let page = browser.get("/account/second-factor").await;
    let page = page.html();
    let (seed, key) = (
        between(page, "name=\"seed\" value=\"", "\""),
        between(page, "name=\"key\" value=\"", "\""),
    );
    let code = factor_code(page);
    let fields = [("seed", seed), ("key", key), ("code", &*code)];
    browser.form("/account/second-factor", &fields).await.html();
    browser.get("/welcome").await.html();
    advance(SignedDuration::from_secs(60));
    let code = factor_code(page);
    let form = [("code", &*code)];
    let refused = browser.form("/account/second-factor/remove", &form).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

/// Returns the present code of an app that took the secret of the page.
fn factor_code(page: &str) -> String {
    let secret = between(page, "<code id=\"secret\">", "<").replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret);
    let now = u64::try_from(testkit::now().as_second()).unwrap();
    app.build_noncompliant().generate(now).to_string()
}
