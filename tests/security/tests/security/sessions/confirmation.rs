//! 本人確認: what somebody does only who proved who they are within the last 10 minutes.

use domain::{LoginMethodSetting, Role};
use jiff::SignedDuration;
use security::{
    ACTOR_EMAIL, Actor, Answer, Browser, PASSWORD, Places, Product, Route, SHARED,
    assert_unchanged, dump, routes, sample,
};
use serde_json::json;

use crate::audit::{prepare, run_that_asks};

/// The acts that need a confirmation, each with the page that people are back on after it. No other write needs one.
const NEED_IT: &[(&str, &str, &str)] = &[
    ("PUT", "/api/v1/integration/settings", ""),
    ("POST", "/settings/smarthr", "/settings/smarthr"),
    ("PUT", "/api/v1/single-sign-on", ""),
    ("DELETE", "/api/v1/single-sign-on", ""),
    (
        "POST",
        "/settings/single-sign-on",
        "/settings/single-sign-on",
    ),
    (
        "POST",
        "/settings/single-sign-on/saml",
        "/settings/single-sign-on",
    ),
    (
        "POST",
        "/settings/single-sign-on/remove",
        "/settings/single-sign-on/remove",
    ),
    ("POST", "/api/v1/runs/{id}/held-deletions", ""),
    ("POST", "/api/v1/runs/{id}/held-account-changes", ""),
    (
        "POST",
        "/settings/smarthr/history/{run_id}/held-deletions",
        "/settings/smarthr/history/{run_id}",
    ),
    (
        "POST",
        "/settings/smarthr/history/{run_id}/held-account-changes",
        "/settings/smarthr/history/{run_id}",
    ),
    ("POST", "/api/v1/users", ""),
    ("POST", "/users/new", "/users/new"),
    ("POST", "/api/v1/user-imports/{id}", ""),
    ("POST", "/users/import/{id}", "/users/import/{id}"),
    ("PUT", "/api/v1/notifications", ""),
    ("POST", "/settings/notifications", "/settings/notifications"),
    ("PUT", "/api/v1/notifications/chat-webhook", ""),
    ("DELETE", "/api/v1/notifications/chat-webhook", ""),
    (
        "POST",
        "/settings/notifications/chat-webhook",
        "/settings/notifications",
    ),
    (
        "POST",
        "/settings/notifications/chat-webhook/remove",
        "/settings/notifications",
    ),
    ("PUT", "/api/v1/allowed-domains", ""),
    (
        "POST",
        "/settings/allowed-domains",
        "/settings/allowed-domains",
    ),
    ("PUT", "/api/v1/related-company-users", ""),
    (
        "POST",
        "/settings/related-companies",
        "/settings/related-companies",
    ),
    (
        "POST",
        "/settings/related-companies/remove",
        "/settings/related-companies",
    ),
    ("PUT", "/api/v1/second-factor-requirement", ""),
    ("POST", "/settings/second-factor", "/settings/second-factor"),
    ("DELETE", "/api/v1/users/{id}/second-factors", ""),
    ("POST", "/users/{id}/second-factors/reset", "/users/{id}"),
    ("PATCH", "/api/v1/users/{id}", ""),
    ("POST", "/users/{id}", "/users/{id}"),
    ("POST", "/api/v1/users/{id}/initial-password", ""),
    ("POST", "/users/{id}/initial-password", "/users/{id}"),
    ("DELETE", "/api/v1/users/{id}", ""),
    ("POST", "/users/{id}/delete", "/users/{id}/delete"),
    ("POST", "/api/v1/deleted-users/{id}/restore", ""),
    ("POST", "/users/deleted/{id}/restore", "/users/deleted"),
    ("DELETE", "/api/v1/integration", ""),
    (
        "POST",
        "/settings/smarthr/disconnect",
        "/settings/smarthr/disconnect",
    ),
];

/// What else needs one: to add a second factor to one's account, to take somebody's away, to ask for them, and to issue
/// or see initial passwords of several people.
const ALSO_NEED_IT: [(&str, &str); 13] = [
    ("POST", "/account/passkeys/options"),
    ("POST", "/account/passkeys/remove"),
    ("POST", "/api/v1/users/initial-passwords"),
    ("POST", "/users/initial-passwords"),
    ("POST", "/users/initial-passwords/confirm"),
    ("GET", "/users/initial-passwords/{id}/cards"),
    ("GET", "/users/initial-passwords/{id}/csv"),
    ("GET", "/account/second-factor"),
    ("POST", "/account/second-factor"),
    ("POST", "/users/{id}/second-factors/reset"),
    ("DELETE", "/api/v1/users/{id}/second-factors"),
    ("PUT", "/api/v1/second-factor-requirement"),
    ("POST", "/settings/second-factor"),
];

/// An act that needs a confirmation, on something of its own.
struct Act {
    route: Route,
    page: String,
    path: String,
    number: usize,
}

impl Act {
    /// Brings the workspace into a state in which the act changes something.
    async fn prepared(product: &Product, places: &Places, number: usize) -> Self {
        let (method, pattern, page) = NEED_IT[number];
        let route = Route {
            path: pattern.into(),
            method: method.into(),
        };
        prepare(product, &route, &places.invited[number]).await;
        if pattern.contains("/second-factors") {
            let person = &places.invited[number].user_id;
            product.env.add_second_factor(person.as_str()).await;
        }
        let to_sso = |it: &mut domain::Connection| {
            it.settings.login_method = LoginMethodSetting::Sso;
        };
        product.env.change_connection(to_sso).await;
        let path = places.path(&route, number);
        let path = path.replace(&places.run, run_that_asks().as_str());
        let ids = pattern.split('/').zip(path.split('/'));
        let page = ids
            .filter(|(part, _)| part.starts_with('{'))
            .fold(page.to_owned(), |page, (part, id)| page.replace(part, id));
        Self {
            route,
            page,
            path,
            number,
        }
    }

    async fn send(&self, browser: &Browser<'_>, places: &Places) -> Answer {
        let person = &places.invited[self.number];
        let mut request = sample(&self.route, &self.path, person);
        if self.path == "/settings/smarthr" {
            request = request.form(&[("enabled", "on"), ("login_method", "password")]);
        }
        browser.send(request).await
    }
}

fn minutes_pass(minutes: i64) {
    testkit::advance(SignedDuration::from_mins(minutes));
}

/// Returns whether somebody has to confirm first.
fn asks_for_confirmation(answer: &Answer) -> bool {
    answer
        .header("location")
        .starts_with("/account/confirm?return_to=")
        || answer.status == 403 && answer.text.contains("confirmation_required")
}

/// Confirms on the page that a form was redirected to, and returns the page that people are back on.
async fn confirm_on_page(browser: &Browser<'_>, refused: &Answer) -> Answer {
    let page = browser.follow(refused).await.ok();
    page.shows(&["本人確認", "影響の大きい操作の前に"]);
    let (_, field) = page.text.split_once(r#"name="return_to" value=""#).unwrap();
    let return_to = field.split('"').next().unwrap();
    let fields = [("password", PASSWORD), ("return_to", return_to)];
    browser.submit("/account/confirm", &fields).await
}

#[tokio::test]
async fn who_signed_in_eleven_minutes_ago_does_no_great_harm_before_confirming() {
    let (product, places) = Places::set_up().await;
    product
        .add_user("usr_actor", Role::SystemAdministrator)
        .await;
    let tables = [&SHARED[..], &["audit"]].concat();
    for number in 0..NEED_IT.len() {
        let act = Act::prepared(&product, &places, number).await;
        let admin = product.sign_in(ACTOR_EMAIL).await;
        minutes_pass(11);
        let admin_page = admin.get("/settings/smarthr").await;
        admin_page.shows(&[r#"<a href="/account/confirm?return_to="#]);
        let before = dump(&product.env, &tables).await;
        let refused = act.send(&admin, &places).await;
        assert!(
            asks_for_confirmation(&refused),
            "{:?}: {refused:?}",
            act.route
        );
        assert_unchanged(&before, &dump(&product.env, &tables).await);

        if act.page.is_empty() {
            refused.is_refused(403, "confirmation_required");
            admin.confirm(PASSWORD).await.ok();
        } else {
            let back = confirm_on_page(&admin, &refused).await.ok();
            back.shows(&["本人確認ができました。もう一度操作してください。"]);
            back.shows_no(&["/account/confirm?return_to="]);
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("return_to", &act.page)
                .finish();
            assert_eq!(refused.location(), format!("/account/confirm?{query}"));
        }
        let done = act.send(&admin, &places).await;
        assert!(done.status.as_u16() < 400, "{:?}: {done:?}", act.route);
        assert!(!asks_for_confirmation(&done), "{:?}: {done:?}", act.route);
        let after = dump(&product.env, &tables).await;
        assert_ne!(before, after, "{:?} changed nothing", act.route);
    }
}

#[tokio::test]
async fn who_signed_in_nine_minutes_ago_is_not_asked_again() {
    let (product, places) = Places::set_up().await;
    product
        .add_user("usr_actor", Role::SystemAdministrator)
        .await;
    for number in 0..NEED_IT.len() {
        let act = Act::prepared(&product, &places, number).await;
        let admin = product.sign_in(ACTOR_EMAIL).await;
        minutes_pass(9);
        let done = act.send(&admin, &places).await;
        assert!(done.status.as_u16() < 400, "{:?}: {done:?}", act.route);
        assert!(!asks_for_confirmation(&done), "{:?}: {done:?}", act.route);
    }
}

#[tokio::test]
async fn everything_else_is_done_without_a_confirmation() {
    let (product, places) = Places::set_up().await;
    product
        .add_user("usr_actor", Role::SystemAdministrator)
        .await;
    let needs_it = |route: &Route| {
        let is =
            |(method, path, _): &(&str, &str, &str)| route.method == *method && route.path == *path;
        // A new password of one's own, which would keep this test out, takes the present one.
        NEED_IT.iter().any(is) || route.path.ends_with("/password")
    };
    for route in routes(&product).await {
        if needs_it(&route) {
            continue;
        }
        let admin = product.sign_in(ACTOR_EMAIL).await;
        minutes_pass(11);
        let path = places.path(&route, 0);
        let answer = admin.send(sample(&route, &path, &places.invited[0])).await;
        let is_listed = ALSO_NEED_IT.contains(&(route.method.as_str(), route.path.as_str()));
        let asks = asks_for_confirmation(&answer);
        assert_eq!(asks, is_listed, "{route:?}: {answer:?}");
    }
    let admin = product.sign_in(ACTOR_EMAIL).await;
    minutes_pass(11);
    let person = format!("/api/v1/users/{}", places.invited[1].user_id);
    let harmless = json!({"groups": []});
    admin.patch(&person, harmless).await.ok();
    for harm in [
        json!({"role": "administrator"}),
        json!({"emergency_account": true}),
        json!({"login_method": "sso"}),
        json!({"email": "other@example.jp"}),
        json!({"employee_code": "X-1"}),
    ] {
        let refused = admin.patch(&person, harm).await;
        refused.is_refused(403, "confirmation_required");
    }
}

#[tokio::test]
async fn a_stolen_cookie_is_worth_nothing_where_it_matters_and_dies_when_its_person_confirms() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let elsewhere = product.sign_in(ACTOR_EMAIL).await;
    let thief = admin.clone();
    minutes_pass(11);
    let victim = format!("/api/v1/users/{}", places.invited[0].user_id);
    let is_refused = async |browser: &Browser<'_>| {
        let refused = browser.delete(&victim).await;
        refused.is_refused(403, "confirmation_required");
    };
    is_refused(&thief).await;
    let guess = thief.confirm("wrong").await;
    guess.is_refused(403, "current_password_wrong");
    is_refused(&thief).await;

    // An admin who confirms gets a new cookie: the one that was stolen before does not come to the confirmation.
    admin.confirm(PASSWORD).await.ok();
    thief.delete(&victim).await.is_refused(401, "not_signed_in");
    is_refused(&elsewhere).await;
    admin.delete(&victim).await.ok();

    // Another session of the same person, begun without a password, is none that is confirmed.
    elsewhere
        .form("/account/sessions/end-others", &[])
        .await
        .location();
    elsewhere.get("/account").await.ok();
    is_refused(&elsewhere).await;
}

#[tokio::test]
async fn guessing_at_the_password_of_a_confirmation_ends_all_sessions_of_the_person() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let thief = admin.clone();
    for _ in 0..10 {
        let fields = [("password", "wrong")];
        let answer = thief.form("/account/confirm", &fields).await;
        assert_eq!(answer.status, 403);
        answer.shows(&["現在のパスワードが正しくありません。"]);
        testkit::advance(SignedDuration::from_secs(35));
    }
    assert_eq!(thief.get("/api/v1/session").await.status, 401);
    assert_eq!(admin.get("/api/v1/session").await.status, 401);
}

#[tokio::test]
async fn a_confirmation_leads_back_to_pages_of_ours_only() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/api/v1/session",
        "",
    ] {
        let fields = [("password", PASSWORD), ("return_to", elsewhere)];
        let answer = admin.form("/account/confirm", &fields).await;
        assert_eq!(answer.location(), "/account?done=confirmed");
        let page = admin.follow(&answer).await;
        page.shows(&["本人確認ができました。"]);
    }
}
