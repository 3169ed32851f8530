//! A repeated request has no further effect, and its answer says what is true.

use domain::UserId;
use jiff::SignedDuration;
use security::{Actor, Browser, Places, Product, dump, sample};

use crate::matrix::{number_of_person, table};

/// Where what an act makes is stored.
const MADE: [&str; 5] = ["workspaces", "users", "runs", "outbox", "audit"];

/// Acts of which each stands for itself, and is an event of its own: going to SmartHR, signing somebody out, and saving
/// or trying a provider or a chat webhook, whose secret is not compared; looking at one person again.
const EACH_IS_ONE: [&str; 14] = [
    "DELETE /api/v1/users/{id}/sessions",
    "POST /api/v1/employees/{id}/sync",
    "POST /api/v1/integration/connect",
    "POST /api/v1/notifications/chat-webhook/test",
    "POST /settings/notifications/chat-webhook",
    "POST /settings/notifications/chat-webhook/test",
    "POST /settings/single-sign-on",
    "POST /settings/single-sign-on/saml",
    "POST /settings/single-sign-on/test",
    "POST /settings/smarthr/connect",
    "POST /settings/smarthr/employees/{id}/sync",
    "POST /users/{id}/sign-out",
    "PUT /api/v1/notifications/chat-webhook",
    "PUT /api/v1/single-sign-on",
];

async fn signed_in(product: &Product) -> Browser<'_> {
    let session = product.env.session_of(&UserId::new("usr_actor")).await;
    Browser::with_session(product, session)
}

#[tokio::test]
async fn an_act_that_comes_twice_is_done_once_and_the_second_answer_says_so() {
    let rows = table();
    let (product, places) = Places::set_up().await;
    product.browser_of(Actor::SystemAdministrator).await;
    let mut wrong = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let route = &row.route;
        if !route.is_write() {
            continue;
        }
        let number = number_of_person(&rows, number);
        let request = sample(route, &places.path(route, number), &places.invited[number]);
        let request = request.header(
            "idempotency-key",
            &format!("act-{number}-{}", route.path.len()),
        );
        let browser = signed_in(&product).await;
        browser.send(request.clone()).await;
        product.env.clear_queues();
        testkit::advance(SignedDuration::from_secs(2));
        let before = dump(&product.env, &MADE).await;
        let second = browser.send(request).await;
        let after = dump(&product.env, &MADE).await;
        let path = format!("{} {}", route.method, route.path);
        if second.status.is_server_error() {
            wrong.push(format!("{path}: {}", second.status));
        }
        let is_lease = |line: &String| line.contains(r#""sk": "S(\"gate\")""#);
        let added = after.difference(&before).filter(|line| !is_lease(line));
        let messages = product.env.queued_runs().len();
        if !EACH_IS_ONE.contains(&path.as_str()) && added.count() + messages > 0 {
            wrong.push(format!("{path} had a second effect"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
