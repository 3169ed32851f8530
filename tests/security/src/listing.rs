//! Every route there is: the OpenAPI document's, and those that the routers have besides.

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use lambda_http::Service;
use lambda_http::http::{Method, Request, header};

use crate::product::Product;
use crate::request::Call;

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The path with its parameters in braces.
    pub path: String,
    /// The method; `HEAD` goes wherever `GET` goes and is not listed.
    pub method: String,
}

impl Route {
    /// Whether one comes in here: there is no session yet.
    pub fn is_entrance(&self) -> bool {
        ["/api/v1/sign-in", "/sign-in", "/invitations/{token}"].contains(&self.path.as_str())
    }
}

/// Every route of the product.
pub async fn routes(product: &Product) -> BTreeSet<Route> {
    let document = product.call(Call::new("GET", "/openapi.json")).await.json();
    let paths = document["paths"].as_object().unwrap();
    let mut routes: BTreeSet<Route> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| Route {
                path: path.clone(),
                method: method.to_uppercase(),
            })
        })
        .collect();
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

/// A router tells its paths only where it is printed: `RouteId(3): "/users/{id}"`.
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

/// The 405 for a method that no route has names those that there are (RFC 9110, 15.5.6).
async fn methods_of(router: &Router, path: &str) -> Vec<String> {
    let request = Request::builder()
        .method(Method::from_bytes(b"PROBE").unwrap())
        .uri(path.replace(['{', '}'], ""))
        .body(Body::empty())
        .unwrap();
    let answer = router.clone().call(request).await.unwrap();
    let allowed = answer.headers()[header::ALLOW].to_str().unwrap();
    let methods = allowed.split(',').filter(|method| *method != "HEAD");
    methods.map(str::to_owned).collect()
}
