//! The functions behind one address.

use std::sync::Arc;

use axum::Router;
use credentials::Random;
use credentials::passkey::RelyingParty;
use single_sign_on::{ProviderClient, Reach};
use testkit::TestEnv;
use testkit::http::{Answer, Request, Server};
use web::PublicOrigin;

use crate::gateway::Gateway;

/// A browser in front of the product.
pub type Browser<'a> = testkit::http::Browser<&'a Product>;

/// Everything that can be reached from outside.
pub struct Product {
    /// The test environment behind it.
    pub env: TestEnv,
    gateway: Gateway,
    functions: [(&'static str, Router); 5],
}

impl Product {
    /// Returns the product with this test environment behind it.
    pub fn of(env: TestEnv) -> Self {
        let runner = env.runner();
        let console = admin_api::App::new(Arc::clone(&runner.connections), runner.logs);
        let first_login = first_login::App {
            store: runner.store,
            queues: runner.connections.queues.clone(),
            secrets: runner.connections.secrets.clone(),
            random: Arc::new(Random::os()),
            origin: PublicOrigin::of(&runner.connections.public_base_url).unwrap(),
            relying_party: RelyingParty::of(&runner.connections.public_base_url).unwrap(),
            clock: Arc::new(testkit::now),
        };
        let single_sign_on = single_sign_on::App {
            store: first_login.store.clone(),
            secrets: runner.connections.secrets.clone(),
            random: Arc::new(Random::os()),
            origin: first_login.origin.clone(),
            public_base_url: runner.connections.public_base_url.clone(),
            provider_client: Arc::new(ProviderClient::new(Reach::Local)),
            clock: Arc::new(testkit::now),
        };
        let receiver = smarthr_webhook::Receiver {
            store: first_login.store.clone(),
            queues: runner.connections.queues.clone(),
            clock: testkit::now,
        };
        Self {
            functions: [
                ("AdminApi", admin_api::router(console)),
                ("FirstLogin", first_login::router(first_login)),
                ("OauthCallback", oauth_callback::router(runner.connections)),
                ("SingleSignOn", single_sign_on::router(single_sign_on)),
                ("SmartHrWebhook", smarthr_webhook::router(receiver)),
            ],
            gateway: Gateway::of_template(),
            env,
        }
    }

    /// Returns the routers with the names that the template has for their functions.
    pub fn functions(&self) -> &[(&'static str, Router)] {
        &self.functions
    }

    /// Returns the function that the gateway sends a request to.
    pub fn function(&self, method: &str, path: &str) -> &str {
        self.gateway.function(method, path).unwrap()
    }

    /// Returns a browser in which nobody is signed in.
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }
}

impl Server for Product {
    async fn answer(&self, request: Request) -> Answer {
        let path = request.path.split('?').next().unwrap();
        let function = self.function(&request.method, path);
        let mut functions = self.functions.iter();
        let (_, router) = functions.find(|(name, _)| *name == function).unwrap();
        router.answer(request).await
    }
}
