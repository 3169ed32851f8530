//! Every answer is of the shape that SmartHR publishes.

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::client::{TestClient, person};

/// Returns SmartHR's definitions as JSON Schema. Its Swagger 2.0 cannot express null, which its API answers where
/// there is no value: every property that is not required may be null, and so may the names of a person.
fn definitions() -> Value {
    let text = include_str!("../swagger.json");
    let swagger: Value = serde_json::from_str(text).unwrap();
    let mut definitions = swagger["definitions"].clone();
    for definition in definitions.as_object_mut().unwrap().values_mut() {
        let required = definition["required"].as_array().cloned();
        let required = required.unwrap_or_default();
        let Some(properties) = definition["properties"].as_object_mut() else {
            continue;
        };
        for (name, schema) in properties {
            let is_name = name.contains("last_name") || name.contains("first_name");
            if is_name || !required.contains(&json!(name)) {
                *schema = json!({"anyOf": [{"type": "null"}, schema.clone()]});
            }
        }
    }
    definitions
}

fn validator(name: &str, is_list: bool) -> Validator {
    let one = json!({"$ref": format!("#/definitions/{name}")});
    let mut schema = if is_list {
        json!({"type": "array", "minItems": 1, "items": one})
    } else {
        one
    };
    schema["definitions"] = definitions();
    jsonschema::validator_for(&schema).unwrap()
}

fn assert_valid(name: &str, is_list: bool, answer: &Value) {
    let validator = validator(name, is_list);
    let errors: Vec<String> = validator
        .iter_errors(answer)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new(), "{name}");
}

#[tokio::test]
async fn every_list_and_every_single_answer_validates() {
    let client = TestClient::logged_in().await;
    let (group, item) = client.make_item().await;
    client.choose(Some("連携する")).await;
    let webhook = json!({
        "url": "https://kitera.example/", "description": "KiteRa", "secret_token": "secret",
        "crew_created": true, "crew_updated": true, "crew_deleted": true, "crew_imported": true,
        "dependent_created": false, "dependent_updated": false, "dependent_deleted": false,
        "dependent_imported": false, "expose_only_id": true, "access_type": "hidden",
    });
    for request in ["postV1Webhooks", "putV1WebhooksId", "patchV1WebhooksId"] {
        assert_valid(request, false, &webhook);
    }
    let path = "/webhooks";
    let webhook = client.write(Method::POST, path, &webhook, 201).await;
    let webhook = format!("{path}/{}", webhook["id"].as_str().unwrap());
    let groups = "/crew_custom_field_template_groups";
    for (path, name) in [
        ("/crews?per_page=100", "Crew"),
        ("/crews?per_page=100&page=2", "Crew"),
        ("/companies", "Company"),
        ("/departments", "Department"),
        ("/employment_types", "EmploymentType"),
        (groups, "CrewCustomFieldTemplateGroup"),
        ("/crew_custom_field_templates", "CrewCustomFieldTemplate"),
        (path, "Webhook"),
    ] {
        assert_valid(name, true, &client.read(path).await);
    }
    let person = format!("/crews/{}", person(1));
    let group = format!("{groups}/{group}?embed=templates");
    let item = item["id"].as_str().unwrap();
    let item = format!("/crew_custom_field_templates/{item}");
    for (path, name) in [
        (&*person, "Crew"),
        ("/users/me", "User"),
        (&group, "CrewCustomFieldTemplateGroup"),
        (&item, "CrewCustomFieldTemplate"),
        (&webhook, "Webhook"),
    ] {
        assert_valid(name, false, &client.read(path).await);
    }
}

#[tokio::test]
async fn a_crew_shows_every_attribute_and_no_other() {
    let client = TestClient::logged_in().await;
    let crews = client.read("/crews?per_page=1").await;
    let published = definitions();
    let published = published["Crew"]["properties"].as_object().unwrap();
    let names = |object: &Map<String, Value>| object.keys().cloned().collect::<Vec<_>>();
    let mut shown = names(crews[0].as_object().unwrap());
    let mut expected = names(published);
    shown.sort();
    expected.sort();
    assert_eq!(shown, expected);
}

#[test]
fn the_schema_refuses_another_shape() {
    assert!(!validator("Company", false).is_valid(&json!({"id": "1"})));
    assert!(!validator("Crew", true).is_valid(&json!([{"id": "1", "emp_code": 7}])));
}
