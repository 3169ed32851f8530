//! All routes: those of the OpenAPI document, and those that only the routers have.

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use testkit::http::Answer;

use crate::product::Product;

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The path with its parameters in braces.
    pub path: String,
    /// The method; `HEAD` goes wherever `GET` goes and is not listed.
    pub method: String,
}

impl Route {
    /// Returns whether this writes something for somebody who is signed in.
    pub fn is_write(&self) -> bool {
        self.method != "GET" && !self.is_entrance() && !self.is_for_other_systems()
    }

    /// Returns whether others than browsers with a session post to this: pages of identity providers what is signed and
    /// bound to a sign-in, and SmartHR its reports with a secret.
    pub fn is_for_other_systems(&self) -> bool {
        ["/sso/acs/{workspace_id}", "/webhooks/smarthr/{id}"].contains(&self.path.as_str())
    }

    /// Returns whether this is where people sign in: there is no session yet.
    pub fn is_entrance(&self) -> bool {
        const ENTRANCES: [&str; 6] = [
            "/api/v1/sign-in",
            "/forgot-password",
            "/invitations/{token}",
            "/password-resets/{token}",
            "/sign-in",
            "/sso",
        ];
        ENTRANCES.contains(&self.path.as_str())
    }
}

/// Returns every route of the product.
pub async fn routes(product: &Product) -> BTreeSet<Route> {
    let document = product.browser().get("/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    let mut routes = BTreeSet::new();
    for (path, item) in paths {
        for method in item.as_object().unwrap().keys() {
            let (path, method) = (path.clone(), method.to_uppercase());
            routes.insert(Route { path, method });
        }
    }
    assert!(routes.len() > 20, "the document names {}", routes.len());
    for (_, router) in product.functions() {
        for path in paths_of(router) {
            for method in methods_of(router, &path).await {
                let path = path.clone();
                routes.insert(Route { path, method });
            }
        }
    }
    routes
}

/// Returns the paths of a router, which only its `Debug` output shows: `RouteId(3): "/users/{id}"`.
fn paths_of(router: &Router) -> Vec<String> {
    let printed = format!("{router:?}");
    let own = printed.split("fallback_router: ").next().unwrap();
    let paths: Vec<String> = own
        .split("RouteId(")
        .filter_map(|piece| piece.split_once("): \"/"))
        .filter(|(id, _)| id.bytes().all(|byte| byte.is_ascii_digit()))
        .filter_map(|(_, rest)| rest.split('"').next())
        .map(|path| format!("/{path}"))
        .collect();
    assert!(!paths.is_empty(), "a router without paths");
    paths
}

/// Returns the methods of a path. The 405 for a method that no route has lists them (RFC 9110, 15.5.6).
async fn methods_of(router: &Router, path: &str) -> Vec<String> {
    let request = Request::builder()
        .method(Method::from_bytes(b"PROBE").unwrap())
        .uri(path.replace(['{', '}'], ""))
        .body(Body::empty())
        .unwrap();
    let answer = Answer::of(router, request).await;
    let allowed = answer.headers[header::ALLOW].to_str().unwrap();
    let methods = allowed.split(',').filter(|method| *method != "HEAD");
    methods.map(str::to_owned).collect()
}
