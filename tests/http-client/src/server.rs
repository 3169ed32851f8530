use std::future::Future;

use axum::Router;
use axum::body::{Body, to_bytes};
use lambda_http::Service;

use crate::{Answer, Request};

/// What answers requests.
pub trait Server {
    /// Returns the answer to a request.
    fn answer(&self, request: Request) -> impl Future<Output = Answer>;
}

impl<S: Server> Server for &S {
    async fn answer(&self, request: Request) -> Answer {
        (*self).answer(request).await
    }
}

/// A function as API Gateway invokes it.
impl Server for Router {
    async fn answer(&self, request: Request) -> Answer {
        Answer::of(self, request.into_http()).await
    }
}

impl Answer {
    /// Returns a router's answer to a request that no [`Request`] can be.
    pub async fn of(router: &Router, request: axum::http::Request<Body>) -> Self {
        let answer = router.clone().call(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Self::new(parts.status, parts.headers, body)
    }
}
