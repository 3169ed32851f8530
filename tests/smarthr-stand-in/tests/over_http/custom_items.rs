//! Groups, items and the values people have.

use reqwest::Method;
use serde_json::{Value, json};
use smarthr_stand_in::Options;

use crate::client::{TestClient, person, unhurried};

const GROUPS: &str = "/crew_custom_field_template_groups";
const ITEMS: &str = "/crew_custom_field_templates";

async fn fields(client: &TestClient) -> Value {
    let crew = client.read(&format!("/crews/{}", person(1))).await;
    crew["custom_fields"].clone()
}

#[tokio::test]
async fn a_choice_is_shown_by_its_physical_name_or_else_by_its_id() {
    let client = TestClient::logged_in().await;
    let (_, item) = client.make_item().await;
    assert_eq!(fields(&client).await, json!([]));

    client.choose(Some("連携する")).await;
    let shown = fields(&client).await;
    assert_eq!(shown[0]["value"], "sync");
    assert_eq!(shown[0]["template"]["id"], item["id"]);

    client.choose(Some("連携しない")).await;
    let shown = fields(&client).await;
    assert_eq!(shown[0]["value"], item["elements"][1]["id"]);

    client.choose(None).await;
    assert_eq!(fields(&client).await, json!([]));
}

#[tokio::test]
async fn nothing_chosen_can_be_shown_as_null_instead() {
    let options = Options {
        null_for_unset_items: true,
        ..unhurried()
    };
    let client = TestClient::logged_in_with(options).await;
    client.make_item().await;
    let shown = fields(&client).await;
    assert_eq!(shown[0]["value"], Value::Null);
    assert_eq!(shown[0]["template"]["name"], "連携対象");
}

#[tokio::test]
async fn the_api_accepts_physical_names_and_ids_but_no_display_names() {
    let client = TestClient::logged_in().await;
    let (_, item) = client.make_item().await;
    let path = format!("/crews/{}", person(1));
    let body =
        |value: &Value| json!({"custom_fields": [{"template_id": item["id"], "value": value}]});
    for value in [json!("sync"), item["elements"][1]["id"].clone()] {
        let crew = client.write(Method::PATCH, &path, &body(&value), 200).await;
        assert_eq!(crew["custom_fields"][0]["value"], value);
    }
    let display_name = body(&json!("連携する"));
    client.write(Method::PATCH, &path, &display_name, 400).await;
}

#[tokio::test]
async fn deleting_a_group_deletes_its_items_and_every_value() {
    let client = TestClient::logged_in().await;
    let (group, item) = client.make_item().await;
    client.choose(Some("連携する")).await;
    let item = format!("{ITEMS}/{}", item["id"].as_str().unwrap());
    assert_eq!(client.get(&item).await.status(), 200);

    let path = format!("{GROUPS}/{group}");
    let answer = client.api(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(client.get(&path).await.status(), 404);
    assert_eq!(client.get(&item).await.status(), 404);
    assert_eq!(client.read(ITEMS).await, json!([]));
    assert_eq!(fields(&client).await, json!([]));

    // The same item, created again, has no values.
    client.make_item().await;
    assert_eq!(fields(&client).await, json!([]));
}

#[tokio::test]
async fn deleting_an_item_leaves_its_group() {
    let client = TestClient::logged_in().await;
    let (group, item) = client.make_item().await;
    client.choose(Some("連携する")).await;
    let path = format!("{ITEMS}/{}", item["id"].as_str().unwrap());
    let answer = client.api(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(fields(&client).await, json!([]));
    let group = format!("{GROUPS}/{group}?embed=templates");
    assert_eq!(client.read(&group).await["templates"], json!([]));
}

#[tokio::test]
async fn a_group_shows_its_items_when_asked() {
    let client = TestClient::logged_in().await;
    client.make_item().await;
    let groups = client.read(&format!("{GROUPS}?embed=templates")).await;
    assert_eq!(groups[0]["access_type"], "read_and_update_values");
    assert_eq!(groups[0]["templates"][0]["name"], "連携対象");
}

#[tokio::test]
async fn what_smarthr_would_not_accept_is_refused() {
    let client = TestClient::logged_in().await;
    let (group, _) = client.make_item().await;
    let element = json!({"name": "はい", "physical_name": "yes", "position": 1});
    let item = |kind: &str, group: &str| json!({"name": "a", "type": kind, "group_id": group, "position": 1});
    let mut same_names = item("enum", &group);
    same_names["elements"] = json!([element, element]);
    for (path, body) in [
        (GROUPS, json!({"name": ""})),
        (GROUPS, json!({"name": "あ".repeat(26)})),
        (GROUPS, json!({"name": "a", "access_type": "secret"})),
        (ITEMS, item("string", "none")),
        (ITEMS, item("enum", &group)),
        (ITEMS, item("colour", &group)),
        (ITEMS, same_names),
    ] {
        let answer = client.write(Method::POST, path, &body, 400).await;
        assert_eq!(answer["code"], 1, "{body}");
    }
}
