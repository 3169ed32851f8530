//! Request limits, as a client meets them.

use serde_json::Value;
use smarthr_stand_in::Options;

use crate::client::{TestClient, unhurried};

#[tokio::test]
async fn every_answer_shows_the_status_of_the_limits() {
    let client = TestClient::logged_in_with(Options::default()).await;
    for path in ["/crews", "/crews/nobody"] {
        let answer = client.get(path).await;
        for (window, limit) in [("rate", "5000"), ("intensive-rate", "10")] {
            let header = |name: &str| &answer.headers()[&format!("x-{window}-limit-{name}")];
            assert_eq!(header("limit"), limit);
            for name in ["remaining", "reset"] {
                let value = header(name).to_str().unwrap();
                assert!(value.parse::<u32>().is_ok(), "{window} {name}: {value}");
            }
        }
    }
}

#[tokio::test]
async fn the_hour_runs_out_for_one_token_and_not_for_another() {
    let options = Options {
        rate_per_hour: Some(2),
        ..unhurried()
    };
    let mut client = TestClient::logged_in_with(options).await;
    client.read("/users/me").await;
    let last = client.get("/users/me").await;
    assert_eq!(last.headers()["x-rate-limit-remaining"], "0");
    let refused = client.get("/users/me").await;
    assert_eq!(refused.status(), 429);
    let reset = refused.headers()["x-rate-limit-reset"].to_str().unwrap();
    assert!((1..=3600).contains(&reset.parse::<u32>().unwrap()));
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], 6);

    client.log_in_again().await;
    client.read("/users/me").await;
}
