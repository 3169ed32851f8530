//! Unknown addresses and methods.

use std::collections::BTreeSet;

use security::{Actor, Places, Request, fill, routes};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

#[tokio::test]
async fn the_document_knows_every_route_of_the_api() {
    let (product, _) = Places::set_up().await;
    let document = product.browser().get("/openapi.json").await.json();
    for route in routes(&product).await {
        let operation = &document["paths"][&route.path][route.method.to_lowercase()];
        let is_api = route.path.starts_with("/api/");
        assert!(operation.is_object() || !is_api, "{route:?} is not in it");
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_have_is_refused_as_the_address_speaks() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let routes = routes(&product).await;
    let paths: BTreeSet<&str> = routes.iter().map(|route| route.path.as_str()).collect();
    let unknown = [
        "/nothing",
        "/api/v1/nothing",
        "/settings/nothing",
        "/users/a/b/c",
    ];
    let mut refused = 0;
    for path in paths.into_iter().chain(unknown) {
        for method in METHODS {
            let has = |route: &security::Route| route.path == path && route.method == method;
            if routes.iter().any(has) {
                continue;
            }
            let request = Request::new(method, &fill(path, "some-id"));
            let answer = admin.send_without_csrf(request).await;
            let status = answer.status.as_u16();
            // Other methods of these addresses have no route in the template, so they go to the console.
            let has_one_method = [
                "/smarthr/callback",
                "/smarthr/result",
                "/webhooks/smarthr/{id}",
            ];
            if unknown.contains(&path) || has_one_method.contains(&path) {
                assert_eq!(status, 404, "{method} {path}");
            } else {
                assert_eq!(status, 405, "{method} {path}");
                let allowed = answer.header("allow").split(',');
                let allowed = allowed.filter(|method| *method != "HEAD");
                let here = routes.iter().filter(|route| route.path == path);
                let here: BTreeSet<&str> = here.map(|route| route.method.as_str()).collect();
                assert_eq!(allowed.collect::<BTreeSet<_>>(), here, "{path}");
            }
            if path.starts_with("/api/") {
                answer.problem();
            } else {
                assert!(answer.text.contains("操作を完了できませんでした"), "{path}");
            }
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            refused += 1;
        }
    }
    assert!(refused > 200, "{refused}");
}

#[tokio::test]
async fn wherever_something_can_be_got_its_head_can_be_asked_for() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    for route in routes(&product).await {
        if route.method == "GET" && !route.path.starts_with("/smarthr/") {
            let path = places.path(&route, 0);
            let got = admin.get(&path).await;
            let head = admin.send(Request::new("HEAD", &path)).await;
            assert_eq!(head.status, got.status, "{path}");
            assert_eq!(head.header("content-type"), got.header("content-type"));
            assert_eq!(head.text, "", "{path}");
        }
    }
}
