//! Attacks on the authorization at SmartHR.

use std::collections::BTreeMap;

use domain::Role;
use reqwest::Url;
use reqwest::redirect::Policy;
use security::{
    Actor, Answer, Browser, PASSWORD, Places, Product, Request, SHARED, assert_unchanged, dump,
};
use serde_json::json;

pub(crate) const AOZORA: (&str, &str) = ("admin@aozora-shoji.example", "aozora-admin");
const ADMIN: &str = "usr-admin@example.jp";
const MIDORI: (&str, &str) = ("admin@midori-bussan.example", "midori-admin");

pub(crate) type Query = BTreeMap<String, String>;

/// [連携する] and a login at SmartHR; returns the query that the browser is sent back with.
pub(crate) async fn authorize(browser: &Browser<'_>, (email, password): (&str, &str)) -> Query {
    let answer = browser.post("/api/v1/integration/connect", json!({})).await;
    let smarthr = answer.ok().json()["authorize_url"].clone();
    let smarthr = smarthr.as_str().unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(Policy::none());
    let form = [("email", email), ("password", password)];
    let login = client.build().unwrap().post(smarthr).form(&form);
    let answer = login.send().await.unwrap();
    let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!(back.path(), "/smarthr/callback");
    back.query_pairs().into_owned().collect()
}

/// Returns the query with another value for one name.
fn with(mut query: Query, name: &str, value: &str) -> Query {
    query.insert(name.to_owned(), value.to_owned());
    query
}

pub(crate) async fn callback(browser: &Browser<'_>, query: &Query) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let answer = browser.get(&format!("/smarthr/callback?{query}")).await;
    assert!(answer.location().starts_with("/smarthr/result?outcome="));
    browser.follow(&answer).await
}

/// Returns an admin of each of the two workspaces.
async fn two_admins(product: &Product) -> (Browser<'_>, Browser<'_>) {
    let other = product.browser_of(Actor::OtherWorkspace).await;
    let role = Role::SystemAdministrator;
    (product.sign_in_new("admin", role).await, other)
}

fn is_refused(answer: &Answer) {
    // An admin whose workspace is connected reads that it is, and not that it could not be.
    let refused = [400, 403].contains(&answer.status.as_u16())
        && answer.text.contains("SmartHRと連携できませんでした");
    let unchanged = answer.text.contains("SmartHRと連携中です");
    assert!(refused || unchanged, "{answer:?}");
    assert_eq!(answer.header("location"), "");
}

#[tokio::test]
async fn a_code_injected_into_another_workspaces_callback_is_worth_nothing() {
    let (product, _) = Places::set_up().await;
    let (victim, attacker) = two_admins(&product).await;
    let before = dump(&product.env, &SHARED).await;
    let stolen = authorize(&victim, AOZORA).await;
    let own = authorize(&attacker, MIDORI).await;
    // The attacker's state is right, and SmartHR holds the code against the victim's PKCE challenge.
    let injected = with(own, "code", &stolen["code"]);
    is_refused(&callback(&attacker, &injected).await);
    assert_unchanged(&before, &dump(&product.env, &SHARED).await);
}

#[tokio::test]
async fn a_state_swapped_between_two_admins_connects_neither_and_is_used_up() {
    let (product, _) = Places::set_up().await;
    let (one, other) = two_admins(&product).await;
    let before = dump(&product.env, &SHARED).await;
    let query = authorize(&one, AOZORA).await;
    is_refused(&callback(&other, &query).await);
    is_refused(&callback(&one, &query).await);
    let query = authorize(&one, AOZORA).await;
    is_refused(&callback(&product.browser(), &query).await);
    is_refused(&callback(&one, &query).await);
    assert_unchanged(&before, &dump(&product.env, &SHARED).await);
}

#[tokio::test]
async fn a_callback_in_a_session_that_ended_meanwhile_changes_nothing() {
    let (product, _) = Places::set_up().await;
    let (admin, _) = two_admins(&product).await;
    let query = authorize(&admin, AOZORA).await;
    admin.post("/api/v1/sign-out", json!({})).await.ok();
    let again = product.sign_in(ADMIN).await;
    let before = dump(&product.env, &SHARED).await;
    is_refused(&callback(&again, &query).await);
    assert_unchanged(&before, &dump(&product.env, &SHARED).await);
}

#[tokio::test]
async fn nothing_in_a_request_decides_where_a_browser_or_a_token_is_sent() {
    let (product, _) = Places::set_up().await;
    let (admin, _) = two_admins(&product).await;
    let smarthr = Url::parse(product.env.smarthr_proxy_url()).unwrap();
    let request = Request::post("/api/v1/integration/connect")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "http");
    let answer = admin.send(request.json(&json!({}))).await;
    let target = Url::parse(answer.json()["authorize_url"].as_str().unwrap()).unwrap();
    assert_eq!(target.origin(), smarthr.origin());
    assert!(!target.as_str().contains("kitera-secret"), "{target}");
    let query: Query = target.query_pairs().into_owned().collect();
    let back = "http://localhost/smarthr/callback";
    assert_eq!(query["redirect_uri"], back);
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["response_type"], "code");

    for subdomain in [
        "evil.example",
        "evil.example/",
        "a@evil",
        "a#",
        "../x",
        "a:1",
        "a b",
    ] {
        let body = json!({"subdomain": subdomain});
        let answer = admin.post("/api/v1/integration/connect", body).await;
        assert_eq!(answer.problem(), "bad_subdomain", "{subdomain}");
        let query = authorize(&admin, AOZORA).await;
        let back = callback(&admin, &with(query, "subdomain", subdomain)).await;
        assert!(!back.text.contains("evil"), "{}", back.text);
    }

    for name in ["redirect_uri", "next", "return_to", "iss", "RelayState"] {
        let query = authorize(&admin, AOZORA).await;
        let query = with(query, name, "https://evil.example/");
        let back = callback(&admin, &query).await;
        assert_eq!(back.header("location"), "");
        assert!(!back.text.contains("evil"), "{name}");
        let sign_in = format!("/sign-in?{name}=https://evil.example/");
        let fields = [("email", ADMIN), ("password", PASSWORD)];
        let answer = product.browser().form(&sign_in, &fields).await;
        assert_eq!(answer.header("location"), "/");
    }
}

#[tokio::test]
async fn an_error_that_somebody_made_up_shows_no_words_of_theirs() {
    let (product, _) = Places::set_up().await;
    let (admin, _) = two_admins(&product).await;
    let before = dump(&product.env, &SHARED).await;
    for error in [
        "access_denied",
        "server_error",
        "<script>",
        "電話してください",
    ] {
        let query = with(Query::new(), "error", error);
        let query = with(query, "error_description", "call-0120-evil");
        let query = with(query, "state", "guessed");
        let answer = callback(&admin, &query).await;
        answer.shows_no(&["<script>", "電話", "0120"]);
    }
    assert_unchanged(&before, &dump(&product.env, &SHARED).await);
}
