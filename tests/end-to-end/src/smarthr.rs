//! The company's SmartHR, as its HR people and SmartHR's own operators handle it.

use serde_json::{Value, json};

use crate::people::Person;

/// SmartHR's stand-in, from the inside.
#[derive(Debug)]
pub(crate) struct SmartHr {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: String,
}

impl SmartHr {
    /// Makes these the company's people.
    pub(crate) async fn put_people(&self, people: &[Person]) {
        let crews: Vec<&Value> = people.iter().map(Person::json).collect();
        self.control("PUT", "crews", json!(crews)).await;
    }

    /// Does something at the stand-in's control plane.
    pub(crate) async fn control(&self, method: &str, what: &str, body: Value) -> String {
        let url = format!("{}/_stand-in/{what}", self.base_url);
        let request = self.http.request(method.parse().unwrap(), url);
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{what}: {status} {text}");
        text
    }
}
