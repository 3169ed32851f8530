//! Browsers in which somebody signed in before, while strangers guess; and one budget of an account for its
//! address and its code.

use axum::Router;
use http_client::{Answer, Browser, StatusCode};
use jiff::SignedDuration;
use serde_json::json;
use testkit::advance;

use crate::sign_in_throttle::SignInThrottle;

use super::site::{HANAKO, PASSWORD, Site, sign_in, sign_in_by_code};

impl Site {
    /// Locks the account from everywhere: 99 wrong guesses are counted, and one more is made.
    async fn lock_from_everywhere(&self, email: &str) {
        for name in [format!("email {email}"), format!("account email {email}")] {
            let throttle = SignInThrottle::of_account(&name);
            for _ in 0..99 {
                let counted = throttle.count_guess(&self.env.store, testkit::now()).await;
                assert!(matches!(counted, Ok(false)));
            }
        }
        let guesser = self.browser_at("198.51.100.9");
        let answer = sign_in(&guesser, email, "wrong").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let locked = self.sign_in(email, PASSWORD).await;
        assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(locked.text.contains("パスワードをお忘れの方"));
    }
}

async fn sign_out(browser: &Browser<Router>) {
    browser.post("/api/v1/sign-out", json!({})).await.ok();
}

fn is_known(answer: &Answer) -> bool {
    answer.cookie_named("__Host-known-browser").is_some()
}

#[tokio::test]
async fn a_browser_that_was_in_before_is_let_in_while_strangers_lock_the_account() {
    let site = Site::with_hanako().await;
    let (known, other) = (site.signed_in().await, site.browser());
    site.user("usr_jiro", Some("jiro@example.com"), None).await;
    // A shared browser is known to everybody who signed in there.
    for browser in [&known, &other] {
        sign_in(browser, "jiro@example.com", PASSWORD).await.ok();
    }
    sign_out(&known).await;
    site.lock_from_everywhere(HANAKO).await;

    assert!(is_known(&sign_in(&known, HANAKO, PASSWORD).await.ok()));
    // The other one is known to another account. A browser is known for half a year.
    let of_jiro = sign_in(&other, HANAKO, PASSWORD).await;
    assert_eq!(of_jiro.status, StatusCode::TOO_MANY_REQUESTS);
    advance(SignedDuration::from_hours(181 * 24));
    site.lock_from_everywhere(HANAKO).await;
    let forgotten = sign_in(&known, HANAKO, PASSWORD).await;
    assert_eq!(forgotten.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_thief_of_a_known_browsers_cookie_gets_ten_guesses() {
    let site = Site::with_hanako().await;
    let known = site.signed_in().await;
    sign_out(&known).await;
    site.lock_from_everywhere(HANAKO).await;
    let mut compared = 0;
    for _ in 0..14 {
        let answer = sign_in(&known, HANAKO, "wrong").await;
        compared += u32::from(answer.status == StatusCode::UNAUTHORIZED);
        advance(SignedDuration::from_secs(32));
    }
    assert_eq!(compared, 10);
}

#[tokio::test]
async fn an_account_has_one_budget_by_address_and_by_code_and_nobody_learns_that_they_are_one() {
    let site = Site::new().await;
    site.user("usr_hanako", Some(HANAKO), Some("0012")).await;
    for _ in 0..10 {
        let guess = sign_in_by_code(&site.browser(), "wrong").await;
        assert_eq!(guess.status, StatusCode::UNAUTHORIZED);
        advance(SignedDuration::from_secs(33));
    }
    // The right password is answered as a wrong one, and as often as with an address that nobody has.
    for email in [HANAKO, "nobody@example.com"] {
        for _ in 0..5 {
            let answer = site.sign_in(email, PASSWORD).await;
            answer.is_refused(401, "sign_in_failed");
        }
        assert_eq!(site.sign_in(email, PASSWORD).await.status, 429, "{email}");
    }
    advance(SignedDuration::from_mins(15));
    site.sign_in(HANAKO, PASSWORD).await.ok();
}

#[tokio::test]
async fn somebody_locked_from_everywhere_is_mailed_once_a_day_and_comes_in_by_mail() {
    let site = Site::with_hanako().await;
    site.lock_from_everywhere(HANAKO).await;
    site.lock_from_everywhere("nobody@example.com").await;
    site.env.deliver_queued_mails().await;
    let mail = site.env.services.only_mail();
    assert_eq!(mail.to, [HANAKO]);
    let text = mail.text();
    assert!(text.contains("15分間制限しました"), "{text}");
    assert!(text.contains("/forgot-password") && !text.contains("/password-resets/"));

    site.form("/forgot-password", &[("email", HANAKO)])
        .await
        .ok();
    site.env.deliver_queued_mails().await;
    let texts = site.env.mail_texts();
    let (_, link) = texts
        .last()
        .unwrap()
        .split_once("/password-resets/")
        .unwrap();
    let token = link.split_whitespace().next().unwrap();
    let new = "aoi-sora-to-umi";
    let fields = [("password", new), ("password_confirmation", new)];
    let reset = site
        .form(&format!("/password-resets/{token}"), &fields)
        .await;
    assert!(is_known(&reset) && reset.location() == "/");
    // The guesses are forgotten, also in browsers that nobody knows.
    site.sign_in(HANAKO, new).await.ok();
    for (hours, notices) in [(1, 1), (24, 2)] {
        advance(SignedDuration::from_hours(hours));
        site.lock_from_everywhere(HANAKO).await;
        site.env.deliver_queued_mails().await;
        assert_eq!(site.env.mails_with("15分間制限しました"), notices);
    }
}
