//! Reading and writing people through the API.

use reqwest::Method;
use reqwest::header::LINK;
use serde_json::{Value, json};
use smarthr_stand_in::Options;

use crate::client::{TestClient, person};

fn texts(crews: &Value, attribute: &str) -> Vec<String> {
    let text = |crew: &Value| crew[attribute].as_str().unwrap_or("").to_owned();
    crews.as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn a_page_holds_ten_people_by_default_and_never_more_than_a_hundred() {
    let client = TestClient::logged_in().await;
    assert_eq!(client.read("/crews").await.as_array().unwrap().len(), 10);
    let answer = client.get("/crews?per_page=500").await;
    assert_eq!(answer.headers()["x-total-count"], "124");
    let page: Value = answer.json().await.unwrap();
    assert_eq!(page.as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn following_next_returns_everybody_exactly_once() {
    let client = TestClient::logged_in().await;
    let mut ids = Vec::new();
    let mut page = "/crews?per_page=50&sort=emp_code".to_owned();
    loop {
        let answer = client.get(&page).await;
        let links = answer.headers()[LINK].to_str().unwrap().to_owned();
        ids.extend(texts(&answer.json().await.unwrap(), "id"));
        let mut links = links.split(", ");
        let Some(next) = links.find(|link| link.ends_with("rel=\"next\"")) else {
            break;
        };
        let url = next.trim_start_matches('<').split('>').next().unwrap();
        page = url.split("/api/v1").nth(1).unwrap().to_owned();
        assert!(page.contains("sort=emp_code"));
    }
    assert_eq!(ids.len(), 124);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 124);
}

#[tokio::test]
async fn links_name_first_previous_next_and_last() {
    let client = TestClient::logged_in().await;
    let rels = async |page: &str| {
        let answer = client.get(page).await;
        let links = answer.headers()[LINK].to_str().unwrap();
        let rels = links.split("rel=\"").skip(1);
        let rels: Vec<_> = rels.map(|rel| rel.split('"').next().unwrap()).collect();
        rels.join(" ")
    };
    assert_eq!(rels("/crews?page=1").await, "first next last");
    assert_eq!(rels("/crews?page=2").await, "first prev next last");
    assert_eq!(rels("/crews?page=13").await, "first prev last");
}

#[tokio::test]
async fn people_can_be_filtered_by_status_and_sorted() {
    let client = TestClient::logged_in().await;
    let absent = client.read("/crews?emp_status=absent").await;
    assert_eq!(texts(&absent, "id"), [person(108)]);

    let last = client.read("/crews?sort=-emp_code&per_page=2").await;
    assert_eq!(texts(&last, "emp_code"), ["A０114", "A0124"]);

    let change = json!({"email": "new@aozora-shoji.example"});
    let path = format!("/crews/{}", person(50));
    client.write(Method::PATCH, &path, &change, 200).await;
    let latest = client.read("/crews?sort=-updated_at&per_page=1").await;
    assert_eq!(texts(&latest, "id"), [person(50)]);
}

#[tokio::test]
async fn people_can_be_asked_for_by_their_ids() {
    let client = TestClient::logged_in().await;
    let gone = "00000000-0000-4000-8000-000000000000";
    let ids = format!("{},{gone},{}", person(3), person(7));
    let found = client.read(&format!("/crews?id={ids}")).await;
    assert_eq!(texts(&found, "id"), [person(3), person(7)]);
}

#[tokio::test]
async fn an_unknown_status_sort_or_page_is_a_bad_request() {
    let client = TestClient::logged_in().await;
    for query in ["emp_status=gone", "sort=shoe_size", "page=0", "per_page=x"] {
        let answer = client.get(&format!("/crews?{query}")).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], 1);
    }
}

#[tokio::test]
async fn only_the_fields_asked_for_are_shown() {
    let client = TestClient::logged_in().await;
    let crew = client.read("/crews?fields=id,emp_code&per_page=1").await;
    assert_eq!(crew, json!([{"id": person(1), "emp_code": "A0001"}]));
}

#[tokio::test]
async fn a_full_update_blanks_what_it_does_not_name() {
    let client = TestClient::logged_in().await;
    let path = format!("/crews/{}", person(3));
    let part = json!({"last_name": "森"});
    let refused = client.write(Method::PUT, &path, &part, 400).await;
    assert_eq!(refused["errors"][0]["field"], "emp_status");

    let full = json!({
        "emp_status": "absent", "last_name": "森", "first_name": "陽子",
        "last_name_yomi": "モリ", "first_name_yomi": "ヨウコ", "gender": "female",
    });
    let crew = client.write(Method::PUT, &path, &full, 200).await;
    assert_eq!(crew["emp_status"], "absent");
    assert_eq!(crew["email"], Value::Null);
    assert_eq!(crew["id"], person(3).as_str());
}

#[tokio::test]
async fn a_department_is_written_by_its_id() {
    let client = TestClient::logged_in().await;
    let departments = client.read("/departments").await;
    let mut departments = departments.as_array().unwrap().iter();
    let sales = departments.find(|one| one["full_name"] == "営業部/東日本営業課");
    let change = json!({"department_ids": [sales.unwrap()["id"]]});
    let path = format!("/crews/{}", person(3));
    let crew = client.write(Method::PATCH, &path, &change, 200).await;
    assert_eq!(crew["departments"][0]["name"], "東日本営業課");
    assert_eq!(crew["department"], "営業部/東日本営業課");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let client = TestClient::logged_in().await;
    for path in ["/crews/nobody", "/nothing"] {
        let answer = client.get(path).await;
        assert_eq!(answer.status(), 404);
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], 4);
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_shown() {
    let client = TestClient::with(Options::default()).await;
    assert_eq!(client.get("/crews").await.status(), 401);
}
