//! What SmartHR's own admins, its calendar and its failures do: the stand-in's control plane.

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_env::TestEnv;

impl TestEnv {
    /// Where SmartHR is, past the tap; its control plane is under `/_stand-in`.
    pub fn smarthr_url(&self) -> &str {
        self.smarthr.base_url()
    }

    /// Makes these the people in SmartHR, as its API shows them.
    pub async fn people(&self, crews: &[Value]) {
        self.smarthr_orders(Method::PUT, "crews", &json!(crews))
            .await;
    }

    /// The next answers under a path go wrong as `fault` says (`path`, `count`, `status`, …).
    pub async fn smarthr_fault(&self, fault: Value) {
        self.smarthr_orders(Method::POST, "faults", &fault).await;
    }

    /// SmartHR answers as it should again.
    pub async fn no_smarthr_faults(&self) {
        self.smarthr_orders(Method::DELETE, "faults", &Value::Null)
            .await;
    }

    /// Carries out an order at the control plane.
    pub async fn smarthr_orders(&self, method: Method, path: &str, body: &Value) {
        let url = format!("{}/_stand-in/{path}", self.smarthr.base_url());
        let answer = self.http.request(method, url).json(body).send().await;
        let status = answer.unwrap().status();
        assert!(status.is_success(), "{path}: {status}");
    }
}
