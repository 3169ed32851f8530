//! The control plane of SmartHR's stand-in: its crews and its faults.

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_env::TestEnv;

impl TestEnv {
    /// Returns the URL of SmartHR behind the fault proxy; its control plane is under `/_stand-in`.
    pub fn smarthr_url(&self) -> &str {
        self.smarthr.base_url()
    }

    /// Replaces the crews in SmartHR with these, which are given as its API shows them.
    pub async fn set_crews(&self, crews: &[Value]) {
        self.smarthr_control(Method::PUT, "crews", &json!(crews))
            .await;
    }

    /// Makes the next responses under a path fail as `fault` says (`path`, `count`, `status`, …).
    pub async fn smarthr_fault(&self, fault: Value) {
        self.smarthr_control(Method::POST, "faults", &fault).await;
    }

    /// Removes all faults of SmartHR.
    pub async fn clear_smarthr_faults(&self) {
        self.smarthr_control(Method::DELETE, "faults", &Value::Null)
            .await;
    }

    /// Sends a request to the control plane.
    pub async fn smarthr_control(&self, method: Method, path: &str, body: &Value) {
        let url = format!("{}/_stand-in/{path}", self.smarthr.base_url());
        let answer = self.http.request(method, url).json(body).send().await;
        let status = answer.unwrap().status();
        assert!(status.is_success(), "{path}: {status}");
    }
}
