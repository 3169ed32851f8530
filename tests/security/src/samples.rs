//! A sensible request for each route.

use domain::User;
use serde_json::{Value, json};
use testkit::http::{Answer, Request};
use testkit::now;

use crate::actor::{ACTOR_EMAIL, NEW_PASSWORD, PASSWORD, PASSWORD_FIELDS, sign_in_body};
use crate::listing::Route;
use crate::product::Browser;

const SAML_METADATA: &str = include_str!("../../fuzz/samples/saml_metadata/simplesamlphp.xml");

/// Returns a request to `path`, which is a path of `route`; `person` is a user that can be named in it.
pub fn sample(route: &Route, path: &str, person: &User) -> Request {
    let request = Request::new(&route.method, path);
    if route.method == "GET" {
        return request;
    }
    if route.path.starts_with("/api/") {
        return request.json(&body(route, person));
    }
    if route.path == "/users/import" {
        return request.upload("file", "メールアドレス\nnew-file@example.jp\n".as_bytes());
    }
    let (version, asked_at) = (
        person.version.to_string(),
        now().as_microsecond().to_string(),
    );
    let mut fields = fields(&route.path, person, &version);
    if route.path == "/users/initial-passwords" {
        fields.extend([
            ("user_ids", person.user_id.as_str()),
            ("asked_at", &asked_at),
        ]);
    }
    request.form(&fields)
}

/// Sends a [`sample`] from a browser; where people sign in without its session, which the answer would replace.
pub async fn send_sample(
    browser: &Browser<'_>,
    route: &Route,
    path: &str,
    person: &User,
) -> Answer {
    let request = sample(route, path, person);
    if route.is_entrance() {
        return Browser::new(browser.server).send(request).await;
    }
    let answer = browser.send(request).await;
    if route.path.starts_with("/account/") {
        // The answer may have begun another session, whose CSRF token is on the page that it leads to.
        browser.get("/account").await;
    }
    answer
}

fn body(route: &Route, person: &User) -> Value {
    match (route.method.as_str(), route.path.as_str()) {
        ("PUT", "/api/v1/integration/settings") => json!({
            "enabled": true, "target": "everyone", "login_method": "password",
            "default_group": "viewers",
        }),
        ("POST", "/api/v1/integration/relink") => json!({"accept": true}),
        ("POST", "/api/v1/runs/{id}/held-deletions") => json!({"decision": "allow"}),
        ("POST", "/api/v1/runs/{id}/held-account-changes") => {
            json!({"user_ids": [person.user_id], "decision": "allow"})
        }
        (
            "POST",
            "/api/v1/users/invitations"
            | "/api/v1/users/password-resets"
            | "/api/v1/users/initial-passwords",
        ) => {
            json!({"user_ids": [person.user_id]})
        }
        ("PATCH", "/api/v1/users/{id}") => json!({"role": "staff"}),
        ("PUT", "/api/v1/single-sign-on") => json!({
            "issuer": "https://127.0.0.1:9", "client_id": "kitera", "client_secret": "secret",
        }),
        ("POST", "/api/v1/sign-in") => sign_in_body(ACTOR_EMAIL),
        ("POST", "/api/v1/session/confirmation") => json!({"password": PASSWORD}),
        ("PUT", "/api/v1/second-factor-requirement") => json!({"required": true}),
        ("POST", "/api/v1/users") => json!({
            "people": [{"email": "new-api@example.jp"}], "role": "member",
        }),
        ("POST", "/api/v1/user-imports") => json!({
            "csv": "メールアドレス\nnew-text@example.jp\n",
        }),
        ("POST", "/api/v1/groups") => json!({"name": "総務部"}),
        ("PATCH", "/api/v1/groups/{id}") => json!({"name": "規程の編集"}),
        ("PUT", "/api/v1/notifications") => json!({
            "failure": {"to": "address", "email": "it@example.jp"}, "held": {"to": "admins"},
            "reconnect": {"to": "admins"}, "seats": {"to": "nobody"},
            "certificate": {"to": "admins"}, "weekly_summary": {"to": "nobody"},
        }),
        ("PUT", "/api/v1/notifications/chat-webhook") => {
            json!({"url": "https://hooks.slack.com/services/T0/B0/x"})
        }
        ("PUT", "/api/v1/related-company-users") => json!({
            "users": [{"email": "oya-2@example.jp", "role": "member"}],
        }),
        ("PUT", "/api/v1/allowed-domains") => json!({"domains": ["example.jp"]}),
        ("POST", "/api/v1/second-factor") => json!({"code": "000000"}),
        ("POST", "/api/v1/password") => json!({
            "current_password": PASSWORD, "new_password": NEW_PASSWORD,
        }),
        _ => json!({}),
    }
}

fn fields<'a>(path: &str, person: &'a User, version: &'a str) -> Vec<(&'static str, &'a str)> {
    match path {
        "/settings/smarthr" => vec![("enabled", "on"), ("target", "everyone")],
        "/settings/smarthr/relink" => vec![("answer", "accept")],
        "/settings/smarthr/history/{run_id}/held-deletions"
        | "/settings/smarthr/history/{run_id}/held-deletions/confirm" => {
            vec![("decision", "allow")]
        }
        "/settings/smarthr/history/{run_id}/held-account-changes" => {
            vec![("user_id", person.user_id.as_str()), ("decision", "allow")]
        }
        "/users/invitations"
        | "/users/invitations/confirm"
        | "/users/password-resets"
        | "/users/initial-passwords/confirm" => {
            vec![("user_ids", person.user_id.as_str())]
        }
        "/users/new" => vec![
            ("by", "mail"),
            ("people", "new-page@example.jp 新井 一郎"),
            ("role", "member"),
        ],
        "/users/{id}" => vec![("role", "staff"), ("version", version)],
        "/sign-in" => vec![("email", ACTOR_EMAIL), ("password", PASSWORD)],
        "/settings/single-sign-on" => vec![
            ("issuer", "https://127.0.0.1:9"),
            ("client_id", "kitera"),
            ("client_secret", "secret"),
        ],
        "/settings/groups" => vec![("name", "経理部")],
        "/settings/groups/{id}" => vec![("name", "規程の担当")],
        "/settings/groups/{id}/members/add" => vec![(
            "people",
            person
                .email
                .as_ref()
                .map_or("nobody", |email| email.as_str()),
        )],
        "/settings/groups/{id}/members/remove" => vec![("user_ids", person.user_id.as_str())],
        "/settings/related-companies" => {
            vec![("email", "oya-3@example.jp"), ("role", "administrator")]
        }
        "/settings/related-companies/remove" => vec![("email", "oya-3@example.jp")],
        "/settings/allowed-domains" => {
            vec![("limited", "yes"), ("domains", "example.jp\n@test.example")]
        }
        "/settings/notifications" => vec![
            ("failure_to", "address"),
            ("failure_addresses", "other@example.jp"),
        ],
        "/settings/notifications/chat-webhook" => {
            vec![("url", "https://hooks.slack.com/services/T0/B0/y")]
        }
        "/settings/single-sign-on/saml" => vec![("metadata", SAML_METADATA)],
        "/sso/acs/{workspace_id}" => vec![("SAMLResponse", "PHg+"), ("RelayState", "x")],
        "/sso" => vec![("account", "no-such-company")],
        // After the sample of /api/v1/password.
        "/account/password" => vec![
            ("current_password", NEW_PASSWORD),
            ("password", "midori-no-oka-to-kaze"),
            ("password_confirmation", "midori-no-oka-to-kaze"),
        ],
        "/account/confirm" => vec![("password", PASSWORD)],
        "/account/passkeys/rename" => vec![("name", "Mac")],
        "/forgot-password" => vec![("email", ACTOR_EMAIL)],
        "/first-login" | "/invitations/{token}" | "/password-resets/{token}" => {
            PASSWORD_FIELDS.into()
        }
        _ => Vec::new(),
    }
}
