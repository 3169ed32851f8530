//! 本人確認 of somebody who signs in by SSO, at an OpenID provider.

use axum::Router;
use credentials::TokenHash;
use domain::{Credential, LoginMethod, User, UserId};
use identity_provider::{IdToken, IdentityProvider};
use jiff::SignedDuration;
use serde_json::json;
use testkit::http::{Answer, Browser};
use testkit::{now, users};

use super::{Company, TAKAHASHI};

const BEGIN: &str = "/account/confirm/single-sign-on";

impl Company {
    /// Returns a browser in which 高橋 signed in eleven minutes ago.
    async fn takahashi(&self) -> Browser<Router> {
        let session = self.env.session_of(&UserId::new("takahashi")).await;
        testkit::advance(SignedDuration::from_mins(11));
        Browser::with_session(self.router.clone(), session)
    }

    /// Confirms at the provider as the person with this address.
    async fn confirm(&self, browser: &Browser<Router>, email: &str) -> Answer {
        let fields = [("return_to", "/settings/smarthr")];
        let page = browser.form(BEGIN, &fields).await.ok();
        let authorization = IdentityProvider::address_on(page.html());
        for parameter in ["prompt=login", "max_age=0"] {
            assert!(authorization.contains(parameter), "{authorization}");
        }
        self.go_on(browser, &page, email).await
    }

    /// Returns whether the session of this cookie is confirmed now; `None` if it has ended.
    async fn is_confirmed(&self, cookie: &str) -> Option<bool> {
        let (_, token) = cookie.split_once('=').unwrap();
        let hash = TokenHash::of(&token.to_owned().into());
        let session = self.env.store.session(hash.as_str()).await.unwrap();
        session.map(|session| web::is_confirmed(&session, now()))
    }
}

#[tokio::test]
async fn people_with_sso_confirm_at_their_provider_and_are_back_where_they_came_from() {
    let company = Company::new().await;
    let browser = company.takahashi().await;
    let before = browser.session().cookie;
    assert_eq!(company.is_confirmed(&before).await, Some(false));
    let answer = company.confirm(&browser, TAKAHASHI).await;
    assert_eq!(answer.location(), "/settings/smarthr?done=confirmed");
    assert_eq!(company.is_confirmed(answer.cookie()).await, Some(true));
    assert_eq!(company.is_confirmed(&before).await, None);
}

#[tokio::test]
async fn nobody_else_and_no_old_sign_in_at_the_provider_confirms() {
    let company = Company::new().await;
    company
        .env
        .add_user(User {
            login_method: LoginMethod::Sso,
            credential: Credential::None,
            ..users::member("other")
        })
        .await;
    let browser = company.takahashi().await;
    let cookie = browser.session().cookie;
    let refused = company.confirm(&browser, "other@example.jp").await;
    assert_eq!(refused.status, 403);
    refused.shows(&["別のユーザーだったため"]);

    // In another session of the same person, to which the cookie of the flow was carried.
    let elsewhere = company.takahashi().await;
    let page = browser.form(BEGIN, &[]).await;
    let refused = company.go_on(&elsewhere, &page, TAKAHASHI).await;
    assert_eq!(refused.status, 403);

    let changes: [fn(&mut IdToken); 2] = [
        |token| token.claims["auth_time"] = json!(now().as_second() - 200),
        |token| token.claims["auth_time"] = json!(null),
    ];
    for change in changes {
        company.provider.change_tokens(change);
        let refused = company.confirm(&browser, TAKAHASHI).await;
        assert_eq!(refused.status, 502);
        refused.shows(&["ログインし直したことを確認できなかったため"]);
        assert_eq!(refused.cookie(), "");
    }
    assert_eq!(company.is_confirmed(&cookie).await, Some(false));
    let elsewhere = elsewhere.session().cookie;
    assert_eq!(company.is_confirmed(&elsewhere).await, Some(false));
}

#[tokio::test]
async fn who_has_a_password_confirms_with_it() {
    let company = Company::new().await;
    let browser = company.administrator().await;
    let answer = browser.form(BEGIN, &[]).await;
    assert_eq!(answer.location(), "/account/confirm");
}
