//! What a route is sent that makes sense to it.

use domain::User;
use serde_json::{Value, json};

use crate::actor::{NEW_PASSWORD, PASSWORD, Session};
use crate::listing::Route;
use crate::request::Call;

/// The request of somebody with this session (except at an entrance, where it would be replaced) at `path`, which is the path of `route`; `person` is a user
/// who can be written about.
pub fn sample(route: &Route, path: &str, person: &User, session: &Session) -> Call {
    let call = Call::new(&route.method, path);
    let call = if route.is_entrance() {
        call
    } else {
        call.from(session)
    };
    if route.method == "GET" {
        return call;
    }
    if route.path.starts_with("/api/") {
        return call.json(&body(route, person, session), &session.csrf);
    }
    let fields = fields(&route.path, person, session);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, it)| (*name, &**it)).collect();
    call.form(&fields, &session.csrf)
}

fn body(route: &Route, person: &User, session: &Session) -> Value {
    match (route.method.as_str(), route.path.as_str()) {
        ("PUT", "/api/v1/integration/settings") => json!({
            "enabled": true, "target": "everyone", "login_method": "password",
            "default_group": "viewers",
        }),
        ("POST", "/api/v1/integration/relink") => json!({"accept": true}),
        ("POST", "/api/v1/runs/{id}/held-deletions") => json!({"decision": "allow"}),
        ("POST", "/api/v1/users/invitations") => json!({"user_ids": [person.user_id]}),
        ("PATCH", "/api/v1/users/{id}") => json!({"role": "staff"}),
        ("POST", "/api/v1/sign-in") => json!({"email": session.email, "password": PASSWORD}),
        ("POST", "/api/v1/password") => json!({
            "current_password": PASSWORD, "new_password": NEW_PASSWORD,
        }),
        _ => json!({}),
    }
}

fn fields(path: &str, person: &User, session: &Session) -> Vec<(&'static str, String)> {
    let version = person.version.to_string();
    let fields: &[(&'static str, &str)] = match path {
        "/settings/smarthr" => &[("enabled", "on"), ("target", "everyone")],
        "/settings/smarthr/relink" => &[("answer", "accept")],
        "/settings/smarthr/history/{run_id}/held-deletions" => &[("decision", "allow")],
        "/users/invitations" => &[("user_ids", person.user_id.as_str())],
        "/users/{id}" => &[("role", "staff"), ("version", &version)],
        "/sign-in" => &[("email", &session.email), ("password", PASSWORD)],
        "/first-login" | "/invitations/{token}" => {
            &[("password", PASSWORD), ("password_confirmation", PASSWORD)]
        }
        _ => &[],
    };
    fields
        .iter()
        .map(|(name, it)| (*name, (*it).to_owned()))
        .collect()
}
