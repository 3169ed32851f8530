//! No page of somebody else's makes a browser write here.

use security::{Actor, Call, EVERYTHING, Places, assert_unchanged, dump, routes, sample};

fn without_csrf(mut call: Call, instead: Option<&str>) -> Call {
    call.headers.retain(|(name, _)| *name != "x-csrf-token");
    let fields: Vec<&str> = call
        .body
        .split('&')
        .filter(|field| !field.starts_with("csrf="))
        .collect();
    call.body = fields.join("&");
    match instead {
        None => call,
        Some(token) if call.body.starts_with('{') => call.with("x-csrf-token", token),
        Some(token) => {
            call.body = format!("{}&csrf={token}", call.body);
            call
        }
    }
}

#[tokio::test]
async fn no_write_goes_through_without_the_token_of_its_own_session() {
    let (product, places) = Places::set_up().await;
    let session = product.come_as(Actor::SystemAdministrator).await;
    let other = product.sign_in(&session.email).await;
    let person = &places.invited[0];
    let before = dump(&product.env, &EVERYTHING).await;
    let mut tried = 0;
    for route in routes(&product).await {
        if route.method == "GET" || route.is_entrance() {
            continue;
        }
        let call = sample(&route, &places.path(&route, 1), person, &session);
        let call = call.with("idempotency-key", "a-key");
        for token in [None, Some(""), Some("x"), Some(other.csrf.as_str())] {
            let answer = product.call(without_csrf(call.clone(), token)).await;
            assert_eq!(answer.status, 403, "{route:?} with {token:?}");
            assert!(
                answer.text.contains("画面の有効期限が切れました"),
                "{route:?}"
            );
        }
        tried += 1;
    }
    assert!(tried > 20, "{tried} writes");
    assert_unchanged(&before, &dump(&product.env, &EVERYTHING).await);
    assert!(product.env.asked_runs().is_empty());
}

/// Where there is no session to take a token from, the page that a form comes from decides.
#[tokio::test]
async fn another_sites_form_neither_signs_a_browser_in_nor_uses_an_invitation_up() {
    let (product, places) = Places::set_up().await;
    let session = product.come_as(Actor::SystemAdministrator).await;
    let person = &places.invited[0];
    let before = dump(&product.env, &EVERYTHING).await;
    let mut tried = 0;
    for route in routes(&product)
        .await
        .iter()
        .filter(|route| route.is_entrance())
    {
        if route.method == "GET" {
            continue;
        }
        let call = sample(route, &places.path(route, 1), person, &session);
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = product.call(call.clone().with(name, value)).await;
            assert_eq!(answer.status, 403, "{route:?} with {name}: {value}");
            assert_eq!(answer.header("set-cookie"), "");
        }
        tried += 1;
    }
    assert_eq!(tried, 3);
    assert_unchanged(&before, &dump(&product.env, &EVERYTHING).await);
}
