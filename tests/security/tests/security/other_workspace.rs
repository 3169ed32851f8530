//! What a システム管理者 learns about, and does to, a workspace that is not theirs: nothing.

use std::collections::BTreeSet;

use security::{
    Actor, Answer, Call, Places, Product, Route, SHARED, Session, assert_unchanged, dump, fill,
    routes, sample,
};
use serde_json::{Value, json};

/// Shaped like the ids of users, and nobody's.
const NOBODY: &str = "usr_00000000000000000000000000000000";
/// Shaped like the ids of runs, and of a night long ago.
const NEVER: &str = "20250101T170000Z-schedule";

/// The tables as far as they are about the first workspace.
async fn first_workspace(product: &Product) -> BTreeSet<String> {
    let mut lines = dump(&product.env, &SHARED).await;
    lines.retain(|line| line.contains("ws_world"));
    assert!(lines.len() > 50, "{}", lines.len());
    lines
}

/// An answer without the id that was asked for.
fn without(answer: &Answer, id: &str) -> (u16, String) {
    (answer.status.as_u16(), answer.text.replace(id, "ID"))
}

/// Whether a route's parameter is the id of something in a workspace.
fn takes_an_id(route: &Route) -> bool {
    route.path.contains('{') && !route.path.starts_with("/invitations/")
}

#[tokio::test]
async fn what_is_another_workspaces_cannot_be_told_apart_from_what_does_not_exist() {
    let (product, places) = Places::set_up().await;
    let session = product.come_as(Actor::OtherWorkspace).await;
    let before = first_workspace(&product).await;
    let person = &places.invited[0];
    let mut tried = 0;
    for route in routes(&product)
        .await
        .iter()
        .filter(|route| takes_an_id(route))
    {
        let theirs = places.path(route, 1);
        let real = theirs
            .split('/')
            .find(|part| fill(&route.path, part) == theirs);
        let real = real.unwrap();
        // A run's id tells when it was asked for: a second later there was none.
        let made_up = match real.strip_prefix("usr_") {
            Some(_) => NOBODY.to_owned(),
            None => real.replace("00Z-", "01Z-"),
        };
        let made_up = made_up.as_str();
        assert_ne!(made_up, real);
        let call = |id: &str| sample(route, &fill(&route.path, id), person, &session);
        let foreign = product.call(call(real)).await;
        let unknown = product.call(call(made_up)).await;
        assert_eq!(foreign.status, 404, "{route:?}");
        assert_eq!(
            without(&foreign, real),
            without(&unknown, made_up),
            "{route:?}"
        );
        tried += 1;
    }
    assert!(tried > 15, "{tried} routes with an id");
    assert_unchanged(&before, &first_workspace(&product).await);
}

async fn write(product: &Product, session: &Session, route: [&str; 2], body: Value) -> Answer {
    let call = Call::new(route[0], route[1]).from(session);
    product.call(call.json(&body, &session.csrf)).await
}

#[tokio::test]
async fn an_id_of_another_workspace_in_a_query_or_a_body_is_as_unknown_as_any() {
    let (product, places) = Places::set_up().await;
    let session = product.come_as(Actor::OtherWorkspace).await;
    let before = first_workspace(&product).await;
    let theirs = places.invited[0].user_id.as_str();

    let pages = [
        ("users?after=", theirs, NOBODY),
        ("runs?before=", &places.run, NEVER),
    ];
    for (path, real, made_up) in pages {
        let get = |id: &str| Call::new("GET", &format!("/api/v1/{path}{id}")).from(&session);
        let (foreign, unknown) = (
            product.call(get(real)).await,
            product.call(get(made_up)).await,
        );
        assert_eq!(foreign.status, 200);
        assert_eq!(foreign.text, unknown.text, "{path}");
    }

    let bodies = [
        (
            ["POST", "/api/v1/users/invitations"],
            json!({"user_ids": [theirs]}),
            json!({"user_ids": [NOBODY]}),
        ),
        (
            ["PUT", "/api/v1/integration/settings"],
            json!({"enabled": true, "target": "everyone", "login_method": "password", "default_group": "viewers"}),
            json!({"enabled": true, "target": "everyone", "login_method": "password", "default_group": "no-group"}),
        ),
        (
            ["PATCH", "/api/v1/users/usr_actor"],
            json!({"groups": ["viewers"]}),
            json!({"groups": ["no-group"]}),
        ),
    ];
    for (route, real, made_up) in bodies {
        let foreign = write(&product, &session, route, real).await;
        let unknown = write(&product, &session, route, made_up).await;
        assert_eq!(foreign.status, unknown.status, "{route:?}");
        assert_eq!(
            foreign.text.replace(theirs, NOBODY),
            unknown.text,
            "{route:?}"
        );
        assert!(!foreign.text.contains("社員"), "{}", foreign.text);
    }
    assert_unchanged(&before, &first_workspace(&product).await);
}

#[tokio::test]
async fn whatever_an_admin_of_another_workspace_starts_is_about_their_own() {
    let (product, _) = Places::set_up().await;
    let session = product.come_as(Actor::OtherWorkspace).await;
    for path in ["/api/v1/runs", "/api/v1/previews"] {
        let answer = write(&product, &session, ["POST", path], json!({})).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
    }
    let asked = product.env.asked_runs();
    assert_eq!(asked.len(), 2);
    for run in asked {
        assert_eq!(run.workspace_id.as_str(), "ws_other");
    }
}
