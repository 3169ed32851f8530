//! A システム管理者 neither learns about nor changes a workspace that is not theirs.

use std::collections::BTreeSet;

use security::{
    Actor, Answer, Places, Product, Request, Route, SHARED, assert_unchanged, dump, fill, routes,
    send_sample,
};
use serde_json::json;

/// Has the shape of a user's id, and is nobody's.
const NOBODY: &str = "usr_00000000000000000000000000000000";
/// Has the shape of a group's id, and is no group's.
const NO_GROUP: &str = "grp_0000000000000000";
/// Has the shape of a workspace's id, and is no workspace's.
const NO_WORKSPACE: &str = "ws_00000000000000000000000000000000";
/// Has the shape of a run's id, of a time when there was no run.
const NEVER: &str = "20250101T170000Z-schedule";

/// Returns the items of the first workspace.
async fn first_workspace(product: &Product) -> BTreeSet<String> {
    let mut lines = dump(&product.env, &SHARED).await;
    lines.retain(|line| line.contains("ws_test"));
    assert!(lines.len() > 50, "{}", lines.len());
    lines
}

/// Returns an answer without the id that was asked for.
fn without(answer: &Answer, id: &str) -> (u16, String) {
    (answer.status.as_u16(), answer.text.replace(id, "ID"))
}

/// Returns whether a route's parameter is the id of something in a workspace.
fn takes_an_id(route: &Route) -> bool {
    let is_link = route.is_entrance() || route.path.ends_with("/{token}");
    // Ways to an identity provider, help pages and stylesheets are everybody's.
    let is_everybodys = ["/sso/", "/help/", "/assets/"]
        .iter()
        .any(|everybodys| route.path.starts_with(everybodys));
    // An employee's id is SmartHR's, and is looked up there with the workspace's own token.
    let is_smarthrs = route.path.contains("/employees/");
    route.path.contains('{') && !is_link && !is_everybodys && !is_smarthrs
}

#[tokio::test]
async fn what_is_another_workspaces_cannot_be_told_apart_from_what_does_not_exist() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::OtherWorkspace).await;
    let before = first_workspace(&product).await;
    let person = &places.invited[0];
    let mut with_an_id = routes(&product).await;
    with_an_id.retain(takes_an_id);
    assert!(with_an_id.len() > 15, "{} routes", with_an_id.len());
    for route in &with_an_id {
        let theirs = places.path(route, 1);
        let is_the_id = |part: &&str| fill(&route.path, part) == theirs;
        let real = theirs.split('/').find(is_the_id).unwrap();
        // A run's id contains the second in which it was asked for: in the next one there was none.
        let made_up = &match real.split_once('_') {
            Some(("usr", _)) => NOBODY.to_owned(),
            Some(("grp", _)) => NO_GROUP.to_owned(),
            Some(("ws", _)) => NO_WORKSPACE.to_owned(),
            Some(("import", _)) => "import_of_nobody".to_owned(),
            _ => real.replace("00Z-", "01Z-"),
        };
        assert_ne!(made_up, real);
        let send =
            async |id: &str| send_sample(&admin, route, &fill(&route.path, id), person).await;
        let (foreign, unknown) = (send(real).await, send(made_up).await);
        assert_eq!(foreign.status, 404, "{route:?}");
        let (foreign, unknown) = (without(&foreign, real), without(&unknown, made_up));
        assert_eq!(foreign, unknown, "{route:?}");
    }
    assert_unchanged(&before, &first_workspace(&product).await);
}

#[tokio::test]
async fn an_id_of_another_workspace_in_a_query_or_a_body_is_as_unknown_as_any() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::OtherWorkspace).await;
    let before = first_workspace(&product).await;
    let theirs = places.invited[0].user_id.as_str();

    let pages = [
        ("users?after=", theirs, NOBODY),
        ("users?group=", "grp_for_page", NO_GROUP),
        ("runs?before=", &places.run, NEVER),
    ];
    for (path, real, made_up) in pages {
        let foreign = admin.get(&format!("/api/v1/{path}{real}")).await;
        let unknown = admin.get(&format!("/api/v1/{path}{made_up}")).await;
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
    for ([method, path], real, made_up) in bodies {
        let send = async |body| admin.send(Request::new(method, path).json(&body)).await;
        let (foreign, unknown) = (send(real).await, send(made_up).await);
        assert_eq!(foreign.status, unknown.status, "{path}");
        assert_eq!(foreign.text.replace(theirs, NOBODY), unknown.text, "{path}");
        assert!(!foreign.text.contains("社員"), "{}", foreign.text);
    }
    assert_unchanged(&before, &first_workspace(&product).await);
}

#[tokio::test]
async fn whatever_an_admin_of_another_workspace_starts_is_about_their_own() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::OtherWorkspace).await;
    for path in ["/api/v1/runs", "/api/v1/previews"] {
        admin.post(path, json!({})).await.ok();
    }
    let runs = product.env.queued_runs();
    let workspaces: Vec<_> = runs.iter().map(|run| run.workspace_id.as_str()).collect();
    assert_eq!(workspaces, ["ws_other", "ws_other"]);
}
