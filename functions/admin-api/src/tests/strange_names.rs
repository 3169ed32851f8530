//! Unusual names from SmartHR, on every page that shows them.

use axum::http::StatusCode;
use domain::Role;
use serde_json::{Value, json};

use super::console::Console;

fn crews() -> Vec<Value> {
    let names = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'onmouseover='alert(1)",
        "</title></td><b>",
        "\u{202E}子花\u{2066}",
        "\u{0}\u{1B}[31m",
        "&lt;b&gt; {{ 7*7 }} ${7*7}",
        &"長".repeat(10_000),
    ];
    let crew = |(number, name): (usize, &&str)| {
        json!({
            "id": format!("c{number}"), "emp_code": format!("=A{number}<b>"), "emp_status": "employed",
            "last_name": name, "first_name": name, "email": format!("p{number}@example.jp"),
        })
    };
    let mut crews: Vec<Value> = names.iter().enumerate().map(crew).collect();
    for (number, crew) in crews.clone().into_iter().enumerate() {
        let mut well_formed = crew;
        well_formed["id"] = json!(format!("d{number}"));
        well_formed["emp_code"] = json!(format!("B-{number}"));
        well_formed["email"] = json!(format!("q{number}@example.jp"));
        crews.push(well_formed);
    }
    crews
}

#[tokio::test]
async fn no_name_that_smarthr_can_hold_is_markup_on_any_page() {
    let console = Console::open_with_seats(50).await;
    let browser = console.browser(Role::SystemAdministrator).await;
    console.env.set_crews(&crews()).await;
    let run = console.env.nightly_run().await;
    assert_eq!(
        (run.counts.invited, run.counts.failed),
        (8, 8),
        "codes with < are malformed"
    );

    let users = browser.get("/api/v1/users").await.json();
    let users = users["users"].as_array().unwrap();
    assert_eq!(users.len(), 9);
    let mut pages = vec![
        "/users".to_owned(),
        "/users?q=%3Cscript%3E".to_owned(),
        format!("/settings/smarthr/history/{}", run.run_id),
        format!("/settings/smarthr/history/{}?q=%22%3E%3Cimg", run.run_id),
        "/settings/smarthr/history".to_owned(),
        "/settings/smarthr".to_owned(),
    ];
    pages.extend(
        users
            .iter()
            .map(|user| format!("/users/{}", user["id"].as_str().unwrap())),
    );
    for page in pages {
        let answer = browser.get(&page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        let html = answer.html();
        for live in ["<script>alert", "<img", "\"onerror", "</title></td>"] {
            assert!(!html.contains(live), "{page} has {live}");
        }
        assert!(
            !html.contains(['\u{202E}', '\u{2066}', '\u{0}', '\u{1B}']),
            "{page}"
        );
    }
}
