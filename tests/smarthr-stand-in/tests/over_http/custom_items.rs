//! Groups, items and the values people have.

use reqwest::Method;
use serde_json::{Value, json};
use smarthr_stand_in::Options;

use crate::visitor::{Visitor, person};

const GROUPS: &str = "/crew_custom_field_template_groups";
const ITEMS: &str = "/crew_custom_field_templates";

async fn fields(visitor: &Visitor) -> Value {
    let crew = visitor.read(&format!("/crews/{}", person(1))).await;
    crew["custom_fields"].clone()
}

async fn choose(visitor: &Visitor, value: Option<&str>) {
    let choice = json!({
        "company": "aozora", "crew_id": person(1), "item": "連携対象", "value": value,
    });
    visitor.order(Method::POST, "/choices", &choice).await;
}

#[tokio::test]
async fn a_choice_is_shown_by_its_physical_name_or_else_by_its_id() {
    let visitor = Visitor::logged_in().await;
    let (_, item) = visitor.make_item().await;
    assert_eq!(fields(&visitor).await, json!([]));

    choose(&visitor, Some("連携する")).await;
    let shown = fields(&visitor).await;
    assert_eq!(shown[0]["value"], "sync");
    assert_eq!(shown[0]["template"]["id"], item["id"]);

    choose(&visitor, Some("連携しない")).await;
    let shown = fields(&visitor).await;
    assert_eq!(shown[0]["value"], item["elements"][1]["id"]);

    choose(&visitor, None).await;
    assert_eq!(fields(&visitor).await, json!([]));
}

#[tokio::test]
async fn nothing_chosen_can_be_shown_as_null_instead() {
    let visitor = Visitor::logged_in_with(Options {
        rate_per_second: None,
        null_for_unset_items: true,
        ..Options::default()
    })
    .await;
    visitor.make_item().await;
    let shown = fields(&visitor).await;
    assert_eq!(shown[0]["value"], Value::Null);
    assert_eq!(shown[0]["template"]["name"], "連携対象");
}

#[tokio::test]
async fn the_api_takes_physical_names_and_ids_but_no_display_names() {
    let visitor = Visitor::logged_in().await;
    let (_, item) = visitor.make_item().await;
    let path = format!("/crews/{}", person(1));
    let body =
        |value: &Value| json!({"custom_fields": [{"template_id": item["id"], "value": value}]});
    for value in [json!("sync"), item["elements"][1]["id"].clone()] {
        let crew = visitor
            .write(Method::PATCH, &path, &body(&value), 200)
            .await;
        assert_eq!(crew["custom_fields"][0]["value"], value);
    }
    let display_name = body(&json!("連携する"));
    let refused = visitor.api(Method::PATCH, &path).json(&display_name);
    assert_eq!(refused.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn deleting_a_group_deletes_its_items_and_every_value() {
    let visitor = Visitor::logged_in().await;
    let (group, item) = visitor.make_item().await;
    choose(&visitor, Some("連携する")).await;
    let item = format!("{ITEMS}/{}", item["id"].as_str().unwrap());
    assert_eq!(visitor.get(&item).await.status(), 200);

    let path = format!("{GROUPS}/{group}");
    let answer = visitor.api(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(visitor.get(&path).await.status(), 404);
    assert_eq!(visitor.get(&item).await.status(), 404);
    assert_eq!(visitor.read(ITEMS).await, json!([]));
    assert_eq!(fields(&visitor).await, json!([]));

    // The same item made anew starts with nobody chosen.
    visitor.make_item().await;
    assert_eq!(fields(&visitor).await, json!([]));
}

#[tokio::test]
async fn deleting_an_item_leaves_its_group() {
    let visitor = Visitor::logged_in().await;
    let (group, item) = visitor.make_item().await;
    choose(&visitor, Some("連携する")).await;
    let path = format!("{ITEMS}/{}", item["id"].as_str().unwrap());
    let answer = visitor.api(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(fields(&visitor).await, json!([]));
    let group = visitor
        .read(&format!("{GROUPS}/{group}?embed=templates"))
        .await;
    assert_eq!(group["templates"], json!([]));
}

#[tokio::test]
async fn a_group_shows_its_items_when_asked() {
    let visitor = Visitor::logged_in().await;
    visitor.make_item().await;
    let groups = visitor.read(&format!("{GROUPS}?embed=templates")).await;
    assert_eq!(groups[0]["access_type"], "read_and_update_values");
    assert_eq!(groups[0]["templates"][0]["name"], "連携対象");
}

#[tokio::test]
async fn what_smarthr_would_not_take_is_refused() {
    let visitor = Visitor::logged_in().await;
    let (group, _) = visitor.make_item().await;
    let element = json!({"name": "はい", "physical_name": "yes", "position": 1});
    for (path, body) in [
        (GROUPS, json!({"name": ""})),
        (GROUPS, json!({"name": "あ".repeat(26)})),
        (GROUPS, json!({"name": "a", "access_type": "secret"})),
        (
            ITEMS,
            json!({"name": "a", "type": "string", "group_id": "none", "position": 1}),
        ),
        (
            ITEMS,
            json!({"name": "a", "type": "enum", "group_id": group, "position": 1}),
        ),
        (
            ITEMS,
            json!({"name": "a", "type": "colour", "group_id": group, "position": 1}),
        ),
        (
            ITEMS,
            json!({"name": "a", "type": "enum", "group_id": group, "position": 1,
            "elements": [element, element]}),
        ),
    ] {
        let answer = visitor.api(Method::POST, path).json(&body);
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], 1);
    }
}
