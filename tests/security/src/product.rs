//! The functions behind one address.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use credentials::Random;
use lambda_http::Service;
use testkit::TestEnv;
use web::PublicOrigin;

use crate::answer::Answer;
use crate::gateway::Gateway;
use crate::request::Call;

/// Everything that can be reached from outside.
pub struct Product {
    /// What is behind it: database, SmartHR, mails.
    pub env: TestEnv,
    gateway: Gateway,
    functions: [(&'static str, Router); 3],
}

impl Product {
    /// The product with this test environment behind it.
    pub fn of(env: TestEnv) -> Self {
        let runner = env.runner();
        let console = admin_api::App {
            connections: Arc::clone(&runner.connections),
            logs: runner.logs,
        };
        let door = first_login::App {
            store: runner.store,
            random: Arc::new(Random::os()),
            origin: PublicOrigin::of(&runner.connections.public_base_url).unwrap(),
            clock: Arc::new(testkit::now),
        };
        Self {
            functions: [
                ("AdminApi", admin_api::router(console)),
                ("FirstLogin", first_login::router(door)),
                ("OauthCallback", oauth_callback::router(runner.connections)),
            ],
            gateway: Gateway::of_template(),
            env,
        }
    }

    /// The routers, by the names that the template has for their functions.
    pub fn functions(&self) -> &[(&'static str, Router)] {
        &self.functions
    }

    /// The function that the gateway sends a request to.
    pub fn function(&self, method: &str, path: &str) -> &str {
        self.gateway.function(method, path).unwrap()
    }

    /// Sends a request.
    pub async fn call(&self, call: Call) -> Answer {
        let path = call.path.split('?').next().unwrap();
        let function = self.function(&call.method, path);
        let (_, router) = self
            .functions
            .iter()
            .find(|(name, _)| *name == function)
            .unwrap();
        let answer = router.clone().call(call.into_request()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
