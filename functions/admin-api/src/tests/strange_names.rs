//! Unusual names from SmartHR, on every page that shows them.

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
    let mut crews = Vec::new();
    for (number, name) in names.iter().enumerate() {
        for (id, code) in [
            ("c", format!("=A{number}<b>")),
            ("d", format!("B-{number}")),
        ] {
            crews.push(json!({
                "id": format!("{id}{number}"), "emp_code": code, "emp_status": "employed",
                "last_name": name, "first_name": name, "email": format!("{id}{number}@example.jp"),
            }));
        }
    }
    crews
}

#[tokio::test]
async fn no_name_that_smarthr_can_hold_is_markup_on_any_page() {
    let console = Console::open_with_seats(50).await;
    let browser = console.browser(Role::SystemAdministrator).await;
    console.env.set_crews(&crews()).await;
    let run = console.env.nightly_run().await;
    let counts = (run.counts.invited, run.counts.failed);
    assert_eq!(counts, (8, 8), "codes with < are malformed");

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
    let ids = users.iter().map(|user| user["id"].as_str().unwrap());
    pages.extend(ids.map(|id| format!("/users/{id}")));
    for page in pages {
        browser.get(&page).await.ok().shows_no(&[
            "<script>alert",
            "<img",
            "\"onerror",
            "</title></td>",
            "\u{202E}",
            "\u{2066}",
            "\u{0}",
            "\u{1B}",
        ]);
    }
}
