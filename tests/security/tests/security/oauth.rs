//! To SmartHR and back, with somebody in between.

use reqwest::Url;
use reqwest::redirect::Policy;
use security::{Actor, Answer, Call, Places, Product, SHARED, Session, assert_unchanged, dump};
use serde_json::{Value, json};

pub(crate) const AOZORA: (&str, &str) = ("admin@aozora-shoji.example", "aozora-admin");
const MIDORI: (&str, &str) = ("admin@midori-bussan.example", "midori-admin");

/// [連携する]: where the browser is sent to.
pub(crate) async fn sets_out(product: &Product, session: &Session, body: Value) -> Url {
    let call = Call::new("POST", "/api/v1/integration/connect").from(session);
    let answer = product.call(call.json(&body, &session.csrf)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Url::parse(answer.json()["authorize_url"].as_str().unwrap()).unwrap()
}

/// Logs in at SmartHR; gives the query that the browser is sent back with.
pub(crate) async fn logs_in(
    authorize: &Url,
    (email, password): (&str, &str),
) -> Vec<(String, String)> {
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()
        .unwrap();
    let form = [("email", email), ("password", password)];
    let answer = browser.post(authorize.clone()).form(&form).send().await;
    let answer = answer.unwrap();
    let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!(back.path(), "/smarthr/callback");
    let pairs = back.query_pairs();
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The query with another value for one name.
fn with(query: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let others = query.iter().filter(|(given, _)| given != name).cloned();
    others
        .chain([(name.to_owned(), value.to_owned())])
        .collect()
}

pub(crate) fn of<'a>(query: &'a [(String, String)], name: &str) -> &'a str {
    let found = query.iter().find(|(given, _)| given == name);
    &found.unwrap().1
}

pub(crate) async fn comes_back(
    product: &Product,
    session: &Session,
    query: &[(String, String)],
) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let call = Call::new("GET", &format!("/smarthr/callback?{query}"));
    product.call(call.from(session)).await
}

/// An admin of each of the two workspaces.
async fn two_admins(product: &Product) -> (Session, Session) {
    let other = product.come_as(Actor::OtherWorkspace).await;
    let env = &product.env.workspace.workspace_id;
    let role = domain::Role::SystemAdministrator;
    product.person(env, "usr_admin", role).await;
    (product.sign_in("usr-admin@example.jp").await, other)
}

fn is_refused(answer: &Answer) {
    assert!(
        [400, 403].contains(&answer.status.as_u16()),
        "{}",
        answer.status
    );
    assert!(answer.text.contains("SmartHRと連携できませんでした"));
    assert_eq!(answer.header("location"), "");
}

#[tokio::test]
async fn a_code_injected_into_another_workspaces_callback_is_worth_nothing() {
    let (product, _) = Places::set_up().await;
    let (victim, attacker) = two_admins(&product).await;
    let before = dump(&product.env, &SHARED).await;
    let stolen = logs_in(&sets_out(&product, &victim, json!({})).await, AOZORA).await;
    let own = logs_in(&sets_out(&product, &attacker, json!({})).await, MIDORI).await;
    // The attacker's state is right, and SmartHR holds the code against the victim's PKCE challenge.
    let injected = with(&own, "code", of(&stolen, "code"));
    is_refused(&comes_back(&product, &attacker, &injected).await);
    assert_unchanged(&before, &dump(&product.env, &SHARED).await);
}

#[tokio::test]
async fn a_state_swapped_between_two_admins_links_neither_and_is_used_up() {
    let (product, _) = Places::set_up().await;
    let (one, other) = two_admins(&product).await;
    let before = dump(&product.env, &SHARED).await;
    let query = logs_in(&sets_out(&product, &one, json!({})).await, AOZORA).await;
    is_refused(&comes_back(&product, &other, &query).await);
    is_refused(&comes_back(&product, &one, &query).await);
    let query = logs_in(&sets_out(&product, &one, json!({})).await, AOZORA).await;
    is_refused(&comes_back(&product, &Session::default(), &query).await);
    is_refused(&comes_back(&product, &one, &query).await);
    assert_unchanged(&before, &dump(&product.env, &SHARED).await);
}

#[tokio::test]
async fn a_callback_in_a_session_that_ended_meanwhile_changes_nothing() {
    let (product, _) = Places::set_up().await;
    let (admin, _) = two_admins(&product).await;
    let before = dump(&product.env, &SHARED).await;
    let query = logs_in(&sets_out(&product, &admin, json!({})).await, AOZORA).await;
    let out = Call::new("POST", "/api/v1/sign-out").from(&admin);
    product.call(out.json(&json!({}), &admin.csrf)).await;
    let anew = product.sign_in(&admin.email).await;
    is_refused(&comes_back(&product, &anew, &query).await);
    assert_unchanged(&before, &dump(&product.env, &SHARED).await);
}

#[tokio::test]
async fn nothing_in_a_request_decides_where_a_browser_or_a_token_is_sent() {
    let (product, _) = Places::set_up().await;
    let (admin, _) = two_admins(&product).await;
    let smarthr = Url::parse(product.env.smarthr_door()).unwrap();
    let call = Call::new("POST", "/api/v1/integration/connect")
        .from(&admin)
        .with("host", "evil.example")
        .with("x-forwarded-host", "evil.example")
        .with("x-forwarded-proto", "http");
    let answer = product.call(call.json(&json!({}), &admin.csrf)).await;
    let authorize = Url::parse(answer.json()["authorize_url"].as_str().unwrap()).unwrap();
    assert_eq!(authorize.origin(), smarthr.origin());
    let query: Vec<(String, String)> = authorize.query_pairs().into_owned().collect();
    assert_eq!(
        of(&query, "redirect_uri"),
        "http://localhost/smarthr/callback"
    );
    assert_eq!(of(&query, "code_challenge_method"), "S256");
    assert_eq!(of(&query, "response_type"), "code");

    for subdomain in [
        "evil.example",
        "evil.example/",
        "a@evil",
        "a#",
        "../x",
        "a:1",
        "a b",
    ] {
        let call = Call::new("POST", "/api/v1/integration/connect").from(&admin);
        let body = json!({"subdomain": subdomain});
        let answer = product.call(call.json(&body, &admin.csrf)).await;
        assert_eq!(answer.problem(), "bad_subdomain", "{subdomain}");
        let query = logs_in(&sets_out(&product, &admin, json!({})).await, AOZORA).await;
        let back = comes_back(&product, &admin, &with(&query, "subdomain", subdomain)).await;
        assert!(!back.text.contains("evil"), "{}", back.text);
    }

    for name in ["redirect_uri", "next", "return_to", "iss", "RelayState"] {
        let query = logs_in(&sets_out(&product, &admin, json!({})).await, AOZORA).await;
        let query = with(&query, name, "https://evil.example/");
        let back = comes_back(&product, &admin, &query).await;
        assert_eq!(back.header("location"), "");
        assert!(!back.text.contains("evil"), "{name}");
        let sign_in = format!("/sign-in?{name}=https://evil.example/");
        let fields = [
            ("email", admin.email.as_str()),
            ("password", security::PASSWORD),
        ];
        let answer = product
            .call(Call::new("POST", &sign_in).form(&fields, ""))
            .await;
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
        let query = [
            ("error".to_owned(), error.to_owned()),
            ("error_description".to_owned(), "call-0120-evil".to_owned()),
            ("state".to_owned(), "guessed".to_owned()),
        ];
        let answer = comes_back(&product, &admin, &query).await;
        for word in ["<script>", "電話", "0120"] {
            assert!(!answer.text.contains(word), "{word}");
        }
    }
    assert_unchanged(&before, &dump(&product.env, &SHARED).await);
}
