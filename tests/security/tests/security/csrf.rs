//! Writes that pages of other sites try to make a browser send.

use domain::Role;
use security::{
    ACTOR_EMAIL, Actor, EVERYTHING, Places, Route, assert_unchanged, dump, routes, sample,
};

#[tokio::test]
async fn no_write_goes_through_without_the_token_of_its_own_session() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    product.add_user("usr_pending", Role::Administrator).await;
    product.env.add_second_factor("usr_pending").await;
    let pending = product.sign_in("usr-pending@example.jp").await;
    let other = product.sign_in(ACTOR_EMAIL).await.session().csrf;
    let person = &places.invited[0];
    let before = dump(&product.env, &EVERYTHING).await;
    let mut writes = routes(&product).await;
    writes.retain(Route::is_write);
    assert!(writes.len() > 20, "{} writes", writes.len());
    for route in writes {
        let request = sample(&route, &places.path(&route, 1), person);
        let request = request.header("idempotency-key", "a-key");
        let with = |token: &str| request.clone().csrf(token);
        let path = route.path.as_str();
        let is_second_step =
            path.starts_with("/sign-in/second-factor") || path == "/api/v1/second-factor";
        for request in [request.clone(), with(""), with("x"), with(&other)] {
            let browser = if is_second_step { &pending } else { &admin };
            let answer = browser.send_without_csrf(request).await;
            let expired = answer.text.contains("画面の有効期限が切れました");
            assert!(answer.status == 403 && expired, "{route:?}: {answer:?}");
        }
    }
    assert_unchanged(&before, &dump(&product.env, &EVERYTHING).await);
    assert!(product.env.queued_runs().is_empty());
}

/// Without a session there is no token: the origin of the form decides.
#[tokio::test]
async fn another_sites_form_neither_signs_a_browser_in_nor_uses_an_invitation_up() {
    let (product, places) = Places::set_up().await;
    let person = &places.invited[0];
    let before = dump(&product.env, &EVERYTHING).await;
    let mut entrances = routes(&product).await;
    entrances.retain(|route| route.method != "GET" && route.is_entrance());
    assert_eq!(entrances.len(), 6);
    for route in entrances {
        let request = sample(&route, &places.path(&route, 1), person);
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let request = request.clone().header(name, value);
            let answer = product.browser().send(request).await;
            assert_eq!(answer.status, 403, "{route:?} with {name}: {value}");
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    assert_unchanged(&before, &dump(&product.env, &EVERYTHING).await);
}
