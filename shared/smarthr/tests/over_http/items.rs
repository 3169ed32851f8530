//! Our custom items in SmartHR: creating, recreating, reading and deleting them.

use std::sync::Mutex;

use axum::http::Method as Verb;
use axum::response::IntoResponse;
use domain::CustomItemIds;
use domain::LoginMethod;
use reqwest::Method;
use serde_json::{Value, json};
use smarthr::{RequiredItems, SmartHrError};
use smarthr_stand_in::Options;

use crate::connected::{Connected, session};
use crate::fake::{Fake, page};
use crate::in_time;

const BOTH: RequiredItems = RequiredItems {
    sync_target: true,
    login_method: true,
};
const GROUPS: &str = "/api/v1/crew_custom_field_template_groups";
const ITEMS: &str = "/api/v1/crew_custom_field_templates";

async fn ensure(company: &Connected, known: Option<&CustomItemIds>) -> CustomItemIds {
    let ids = company.session.ensure_items(BOTH, known, in_time()).await;
    ids.unwrap()
}

/// Returns the entries of a list in SmartHR.
async fn listed(company: &Connected, path: &str) -> Vec<Value> {
    let list = company.at_smarthr(Method::GET, path, &Value::Null).await;
    list.as_array().unwrap().clone()
}

/// Returns how many groups and items there are in SmartHR.
async fn count(company: &Connected) -> (usize, usize) {
    let groups = listed(company, GROUPS).await.len();
    (groups, listed(company, ITEMS).await.len())
}

async fn delete(company: &Connected, path: &str, id: &str) {
    let path = format!("{path}/{id}");
    company
        .at_smarthr(Method::DELETE, &path, &Value::Null)
        .await;
}

async fn start() -> Connected {
    Connected::start_with(unlimited()).await
}

fn unlimited() -> Options {
    Options {
        rate_per_second: None,
        ..Options::default()
    }
}

#[tokio::test]
async fn the_items_are_made_once_with_the_manual_s_words() {
    let company = start().await;
    let first = ensure(&company, None).await;
    assert_eq!(ensure(&company, Some(&first)).await, first);
    assert_eq!(ensure(&company, None).await, first, "found by name");
    assert_eq!(count(&company).await, (1, 2));
    let group = &listed(&company, GROUPS).await[0];
    assert_eq!(group["name"], "KiteRa連携");
    assert_eq!(group["access_type"], "read_and_update_values");
    for (item, expected) in listed(&company, ITEMS).await.iter().zip([
        ["連携対象", "連携する", "連携しない"],
        ["認証方法", "パスワード", "SSO"],
    ]) {
        let choices = &item["elements"];
        let names = [&item["name"], &choices[0]["name"], &choices[1]["name"]];
        assert_eq!(names, expected);
        assert_eq!(choices.as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn only_the_item_that_is_wanted_is_made() {
    let company = start().await;
    let wanted = RequiredItems {
        sync_target: false,
        login_method: true,
    };
    let ids = company.session.ensure_items(wanted, None, in_time()).await;
    assert_eq!(ids.unwrap().sync_target, None);
    assert_eq!(count(&company).await, (1, 1));
}

#[tokio::test]
async fn an_item_or_the_group_deleted_by_hand_is_made_again() {
    let company = start().await;
    let first = ensure(&company, None).await;
    let target = &first.sync_target.as_ref().unwrap().template_id;
    delete(&company, ITEMS, target).await;
    let second = ensure(&company, Some(&first)).await;
    assert_ne!(second.sync_target, first.sync_target);
    assert_eq!(second.login_method, first.login_method);
    delete(&company, GROUPS, &second.group_id).await;
    let third = ensure(&company, Some(&second)).await;
    assert_ne!(third.group_id, second.group_id);
    assert_eq!(count(&company).await, (1, 2));
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_does_not_make_a_second_one() {
    let company = start().await;
    for path in [GROUPS, ITEMS] {
        let lost = json!({"path": path, "method": "POST", "count": 1, "cut": true});
        company.fault(lost).await;
    }
    ensure(&company, None).await;
    assert_eq!(count(&company).await, (1, 2));
}

#[tokio::test]
async fn two_admins_who_save_at_once_end_up_with_the_same_items() {
    let company = start().await;
    let other = session(&company.client, &company.tokens);
    let (one, two) = tokio::join!(
        company.session.ensure_items(BOTH, None, in_time()),
        other.ensure_items(BOTH, None, in_time())
    );
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!(count(&company).await, (1, 2));
}

#[tokio::test]
async fn deleting_the_group_takes_the_items_along_and_can_be_repeated() {
    let company = start().await;
    let ids = ensure(&company, None).await;
    for _ in 0..2 {
        let deleted = company.session.delete_group(&ids.group_id, in_time()).await;
        assert_eq!(deleted, Ok(()));
        assert_eq!(count(&company).await, (0, 0));
    }
}

#[tokio::test]
async fn what_an_admin_chose_for_a_person_is_read() {
    for null_for_unset_items in [false, true] {
        let company = Connected::start_with(Options {
            null_for_unset_items,
            ..unlimited()
        })
        .await;
        let ids = ensure(&company, None).await;
        let id = "a0000000-0000-4000-8000-000000000002";
        for (item, value) in [("連携対象", "連携する"), ("認証方法", "SSO")] {
            let choice = json!({"crew_id": id, "item": item, "value": value});
            let path = "/_stand-in/choices";
            company.at_smarthr(Method::POST, path, &choice).await;
        }
        let read = company.session.read_employees(Some(&ids), in_time()).await;
        let employees = read.unwrap();
        let choices = |of: usize| (employees[of].sync_choice, employees[of].login_choice);
        assert_eq!(choices(0), (None, None));
        assert_eq!(choices(1), (Some(true), Some(LoginMethod::Sso)));
    }
}

#[tokio::test]
async fn a_token_that_may_not_make_items_says_so() {
    let company = start().await;
    let fault = json!({"path": GROUPS, "method": "POST", "status": 403});
    company.fault(fault).await;
    let refused = company.session.ensure_items(BOTH, None, in_time()).await;
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
    let choices = &patch.body["elements"];
    assert_eq!(choices[0]["id"], "e1");
    assert_eq!(choices[1]["physical_name"], "kitera_sync_off");
}
