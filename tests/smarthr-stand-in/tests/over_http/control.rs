//! Companies and people, ordered from behind the scenes.

use serde_json::{Value, json};

use crate::client::{TestClient, authorization, location, parameter, person};

#[tokio::test]
async fn putting_back_what_was_read_changes_nothing() {
    let client = TestClient::logged_in().await;
    client.make_item().await;
    client.choose(Some("連携する")).await;
    let before = client.inspect("/crews").await;
    client.control("PUT /crews", &before).await;
    // Not assert_eq: nobody reads a difference of that length.
    assert!(client.inspect("/crews").await == before);
}

#[tokio::test]
async fn people_can_be_hired_changed_and_deleted_by_putting_a_list() {
    let client = TestClient::logged_in().await;
    let mut crews = client.inspect("/crews").await;
    crews.as_array_mut().unwrap().truncate(3);
    crews[1]["email"] = json!("moved@aozora-shoji.example");
    let hired = json!({"emp_code": "A9999", "last_name": "新井", "first_name": "望"});
    crews.as_array_mut().unwrap().push(hired);
    let before = crews.clone();
    client.control("PUT /crews?company=aozora", &crews).await;

    let answer = client.get("/crews").await;
    assert_eq!(answer.headers()["x-total-count"], "4");
    let after: Value = answer.json().await.unwrap();
    assert_eq!(after[0]["updated_at"], before[0]["updated_at"]);
    assert_ne!(after[1]["updated_at"], before[1]["updated_at"]);
    assert_eq!(after[3]["emp_status"], "employed");
    assert_eq!(after[3]["preferred_last_name"], "新井");
    assert!(after[3]["id"].is_string());
}

#[tokio::test]
async fn one_person_can_be_changed_in_part() {
    let client = TestClient::logged_in().await;
    let path = format!("/crews/{}", person(7));
    let change = json!({"emp_status": "retired", "email": null});
    client.control(&format!("PATCH {path}"), &change).await;
    let crew = client.read(&path).await;
    assert_eq!(crew["emp_status"], "retired");
    assert_eq!(crew["email"], Value::Null);
    assert_eq!(crew["emp_code"], "A0007");
}

#[tokio::test]
async fn a_company_can_be_added_with_its_own_admin_and_people() {
    let client = TestClient::logged_in().await;
    let company = json!([{
        "tenant_id": "33333333-3333-4333-8333-333333333333",
        "subdomain": "minato",
        "name": "みなと運輸株式会社",
        "admins": [{"email": "admin@minato.example", "password": "minato-admin"}],
    }]);
    client.control("PUT /companies", &company).await;
    let people = json!([{"emp_code": "1", "last_name": "港", "first_name": "一"}]);
    client.control("PUT /crews?company=minato", &people).await;

    let form = [
        ("email", "admin@minato.example"),
        ("password", "minato-admin"),
    ];
    let callback = location(&client.post_form(&authorization(&[]), &form).await);
    assert_eq!(parameter(&callback, "subdomain").unwrap(), "minato");
    let companies = client.inspect("/companies").await;
    assert_eq!(companies.as_array().unwrap().len(), 3);
    // The token of the first company still sees the first company only.
    let companies = client.read("/companies").await;
    assert_eq!(companies.as_array().unwrap().len(), 1);
    assert_eq!(companies[0]["name"], "株式会社あおぞら商事");
}

#[tokio::test]
async fn a_changed_subdomain_keeps_tokens_and_people() {
    let client = TestClient::logged_in().await;
    let tokens = client.log_in().await;
    let mut companies = client.inspect("/companies").await;
    companies[0]["subdomain"] = json!("aozora-hd");
    client.control("PUT /companies", &companies).await;
    let answer = client.get("/crews").await;
    assert_eq!(answer.headers()["x-total-count"], "124");
    let fresh: Value = client.refresh(&tokens).await.json().await.unwrap();
    assert_eq!(fresh["subdomain"], "aozora-hd");
}

#[tokio::test]
async fn the_overview_shows_the_people_of_every_company() {
    let client = TestClient::logged_in().await;
    let page = client.get_page("/").await.text().await.unwrap();
    assert!(page.contains("株式会社あおぞら商事") && page.contains("A0001"));
}
