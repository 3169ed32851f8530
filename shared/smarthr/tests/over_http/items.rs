//! Our custom items in SmartHR: creating, recreating, reading and deleting them.

use std::sync::Mutex;

use axum::http::Method as Verb;
use axum::response::IntoResponse;
use domain::CustomItemIds;
use domain::LoginMethod;
use reqwest::Method;
use serde_json::{Value, json};
use smarthr::{ReadError, RequiredItems, SmartHrError};
use smarthr_stand_in::Options;

use crate::fake::{Fake, page};
use crate::in_time;
use crate::link::{Linked, session};

const BOTH: RequiredItems = RequiredItems {
    sync_target: true,
    login_method: true,
};
const GROUPS: &str = "/api/v1/crew_custom_field_template_groups";
const ITEMS: &str = "/api/v1/crew_custom_field_templates";

async fn ensure(linked: &Linked, known: Option<&CustomItemIds>) -> CustomItemIds {
    let ids = linked.session.ensure_items(BOTH, known, in_time()).await;
    ids.unwrap()
}

/// Returns the entries of a list in SmartHR.
async fn listed(linked: &Linked, path: &str) -> Vec<Value> {
    let token = secrecy::ExposeSecret::expose_secret(&linked.tokens.access_token).to_owned();
    let url = format!("{}{path}", linked.stand_in.base_url());
    let request = reqwest::Client::new().get(url).bearer_auth(token);
    request.send().await.unwrap().json().await.unwrap()
}

async fn delete(linked: &Linked, path: &str, id: &str) {
    let token = secrecy::ExposeSecret::expose_secret(&linked.tokens.access_token).to_owned();
    let url = format!("{}{path}/{id}", linked.stand_in.base_url());
    let request = reqwest::Client::new().delete(url).bearer_auth(token);
    assert!(request.send().await.unwrap().status().is_success());
}

fn unlimited() -> Options {
    Options {
        rate_per_second: None,
        ..Options::default()
    }
}

#[tokio::test]
async fn the_items_are_made_once_with_the_manual_s_words() {
    let linked = Linked::start(unlimited()).await;
    let first = ensure(&linked, None).await;
    assert_eq!(ensure(&linked, Some(&first)).await, first);
    assert_eq!(ensure(&linked, None).await, first, "found by name");
    let groups = listed(&linked, GROUPS).await;
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0]["name"], "KiteRa連携");
    assert_eq!(groups[0]["access_type"], "read_and_update_values");
    let shown: Vec<(Value, Vec<Value>)> = listed(&linked, ITEMS)
        .await
        .iter()
        .map(|item| {
            let elements = item["elements"].as_array().unwrap().iter();
            let names = elements.map(|element| element["name"].clone()).collect();
            (item["name"].clone(), names)
        })
        .collect();
    let expected = [
        (
            json!("連携対象"),
            vec![json!("連携する"), json!("連携しない")],
        ),
        (json!("認証方法"), vec![json!("パスワード"), json!("SSO")]),
    ];
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn only_the_item_that_is_wanted_is_made() {
    let linked = Linked::start(unlimited()).await;
    let wanted = RequiredItems {
        sync_target: false,
        login_method: true,
    };
    let ids = linked.session.ensure_items(wanted, None, in_time()).await;
    assert_eq!(ids.unwrap().sync_target, None);
    assert_eq!(listed(&linked, ITEMS).await.len(), 1);
}

#[tokio::test]
async fn an_item_or_the_group_deleted_by_hand_is_made_again() {
    let linked = Linked::start(unlimited()).await;
    let first = ensure(&linked, None).await;
    let target = &first.sync_target.as_ref().unwrap().template_id;
    delete(&linked, ITEMS, target).await;
    let second = ensure(&linked, Some(&first)).await;
    assert_ne!(second.sync_target, first.sync_target);
    assert_eq!(second.login_method, first.login_method);
    delete(&linked, GROUPS, &second.group_id).await;
    let third = ensure(&linked, Some(&second)).await;
    assert_ne!(third.group_id, second.group_id);
    assert_eq!(listed(&linked, ITEMS).await.len(), 2);
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_does_not_make_a_second_one() {
    let linked = Linked::start(unlimited()).await;
    for path in [GROUPS, ITEMS] {
        let lost = json!({"path": path, "method": "POST", "count": 1, "cut": true});
        linked.order(Method::POST, "faults", lost).await;
    }
    ensure(&linked, None).await;
    assert_eq!(listed(&linked, GROUPS).await.len(), 1);
    assert_eq!(listed(&linked, ITEMS).await.len(), 2);
}

#[tokio::test]
async fn two_admins_who_save_at_once_end_up_with_the_same_items() {
    let linked = Linked::start(unlimited()).await;
    let other = session(&linked.client, &linked.tokens);
    let (one, two) = tokio::join!(
        linked.session.ensure_items(BOTH, None, in_time()),
        other.ensure_items(BOTH, None, in_time())
    );
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!(listed(&linked, GROUPS).await.len(), 1);
    assert_eq!(listed(&linked, ITEMS).await.len(), 2);
}

#[tokio::test]
async fn deleting_the_group_takes_the_items_along_and_can_be_repeated() {
    let linked = Linked::start(unlimited()).await;
    let ids = ensure(&linked, None).await;
    for _ in 0..2 {
        let deleted = linked.session.delete_group(&ids.group_id, in_time()).await;
        assert_eq!(deleted, Ok(()));
        assert_eq!(listed(&linked, ITEMS).await.len(), 0);
    }
}

#[tokio::test]
async fn what_an_admin_chose_for_a_person_is_read() {
    for null_for_unset_items in [false, true] {
        let linked = Linked::start(Options {
            null_for_unset_items,
            ..unlimited()
        })
        .await;
        let ids = ensure(&linked, None).await;
        let id = "a0000000-0000-4000-8000-000000000002";
        for (item, value) in [("連携対象", "連携する"), ("認証方法", "SSO")] {
            let choice = json!({"crew_id": id, "item": item, "value": value});
            linked.order(Method::POST, "choices", choice).await;
        }
        let read = linked.session.read_employees(Some(&ids), in_time()).await;
        let employees = read.unwrap();
        assert_eq!(employees[0].sync_choice, None);
        assert_eq!(employees[0].login_choice, None);
        assert_eq!(employees[1].sync_choice, Some(true));
        assert_eq!(employees[1].login_choice, Some(LoginMethod::Sso));
    }
}

#[tokio::test]
async fn custom_fields_hidden_from_the_token_fail_the_read_when_they_are_needed() {
    let linked = Linked::start(unlimited()).await;
    let ids = ensure(&linked, None).await;
    let hidden = json!(["custom_fields"]);
    linked.order(Method::PUT, "hidden-attributes", hidden).await;
    let read = linked.session.read_employees(Some(&ids), in_time()).await;
    assert_eq!(read, Err(ReadError::AttributeHidden("custom_fields")));
    let read = linked.session.read_employees(None, in_time()).await;
    assert!(read.is_ok());
}

#[tokio::test]
async fn a_token_that_may_not_make_items_says_so() {
    let linked = Linked::start(unlimited()).await;
    let fault = json!({"path": GROUPS, "method": "POST", "status": 403});
    linked.order(Method::POST, "faults", fault).await;
    let refused = linked.session.ensure_items(BOTH, None, in_time()).await;
    assert_eq!(refused, Err(SmartHrError::Forbidden { code: Some(3) }));
}

#[tokio::test]
async fn a_choice_deleted_by_hand_is_put_back_beside_the_other() {
    let item = json!({
        "id": "t", "name": "連携対象", "type": "enum", "group": {"id": "g"},
        "elements": [{"id": "e1", "name": "連携する", "physical_name": "kitera_sync_on",
            "position": 1}],
    });
    let item = Mutex::new(item);
    let fake = Fake::start(move |seen| {
        let mut item = item.lock().unwrap();
        if seen.method == Verb::PATCH {
            item["elements"] = seen.body["elements"].clone();
            item["elements"][1]["id"] = json!("e2");
            return axum::Json(item.clone()).into_response();
        }
        match seen.path.as_str() {
            GROUPS => page(1, &[json!({"id": "g", "name": "KiteRa連携"})]),
            _ => page(1, std::slice::from_ref(&*item)),
        }
    })
    .await;
    let wanted = RequiredItems {
        sync_target: true,
        login_method: false,
    };
    let ids = fake.session().ensure_items(wanted, None, in_time()).await;
    let choice_ids = ids.unwrap().sync_target.unwrap().choice_ids;
    assert_eq!(choice_ids, ["e1", "e2"]);
    let patch = fake.seen().into_iter().find(|s| s.method == Verb::PATCH);
    let patch = patch.unwrap();
    assert_eq!(patch.path, format!("{ITEMS}/t"));
    assert_eq!(patch.body["elements"][0]["id"], "e1");
    assert_eq!(
        patch.body["elements"][1]["physical_name"],
        "kitera_sync_off"
    );
}

#[test]
fn item_ids_survive_being_stored() {
    let ids = CustomItemIds {
        group_id: "g".into(),
        sync_target: None,
        login_method: None,
    };
    let stored = serde_json::to_string(&ids).unwrap();
    assert_eq!(serde_json::from_str::<CustomItemIds>(&stored).unwrap(), ids);
}
