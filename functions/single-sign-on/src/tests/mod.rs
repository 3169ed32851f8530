//! Sign-ins through the real router, with a test environment and a provider behind it.

mod confirmation;
mod connection_test;
mod people;
mod provider;

use std::sync::Arc;

use axum::Router;
use credentials::Random;
use domain::{Credential, LoginMethod, User};
use identity_provider::{CLIENT_ID, CLIENT_SECRET, IdentityProvider};
use testkit::http::{Answer, Browser, Request, Server, Session};
use testkit::{TestEnv, users};
use web::PublicOrigin;

use crate::{App, ProviderClient, Reach, router};

/// A workspace `test` with SSO at its provider, and 高橋, who signs in there.
struct Company {
    env: TestEnv,
    provider: IdentityProvider,
    router: Router,
}

const TAKAHASHI: &str = "takahashi@example.jp";

impl Company {
    async fn new() -> Self {
        Self::with_configuration(true).await
    }

    /// Returns a company whose configuration is `tested`, or not.
    async fn with_configuration(tested: bool) -> Self {
        let env = TestEnv::new(20, None).await;
        let provider = IdentityProvider::start(testkit::now).await.unwrap();
        let client = (CLIENT_ID, CLIENT_SECRET);
        env.configure_sso(provider.issuer(), client, tested).await;
        env.add_user(User {
            name: "高橋 太郎".into(),
            login_method: LoginMethod::Sso,
            credential: Credential::None,
            ..users::member("takahashi")
        })
        .await;
        let app = App {
            store: env.store.clone(),
            secrets: env.secrets(),
            random: Arc::new(Random::os()),
            origin: PublicOrigin::of("http://localhost").unwrap(),
            public_base_url: "http://localhost".into(),
            provider_client: Arc::new(ProviderClient::new(Reach::Local)),
            clock: Arc::new(testkit::now),
        };
        Self {
            router: router(app),
            provider,
            env,
        }
    }

    fn browser(&self) -> Browser<Router> {
        Browser::new(self.router.clone())
    }

    /// Signs in at the provider to which a page leads, and comes back.
    async fn go_on(&self, browser: &Browser<Router>, page: &Answer, email: &str) -> Answer {
        let authorization = IdentityProvider::address_on(page.html());
        let back = self.provider.sign_in(&authorization, email);
        let path = format!("{}?{}", back.path(), back.query().unwrap());
        let of_flow = page.cookie_named("__Host-sso").unwrap();
        let cookies = format!("{of_flow}; {}", browser.session().cookie);
        let request = Request::get(&path).header("cookie", &cookies);
        browser.server.answer(request).await
    }

    /// Opens the company's link, signs in at the provider, and comes back.
    async fn sign_in(&self, email: &str) -> Answer {
        let browser = self.browser();
        let page = browser.get("/sso/TEST").await;
        self.go_on(&browser, &page, email).await
    }

    /// Returns a browser in which a システム管理者 is signed in.
    async fn administrator(&self) -> Browser<Router> {
        let user = self
            .env
            .add_user(users::system_administrator("usr_admin"))
            .await;
        let session: Session = self.env.session_of(&user.user_id).await;
        Browser::with_session(self.router.clone(), session)
    }
}
