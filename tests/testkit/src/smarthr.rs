//! The control plane of SmartHR's stand-in: its crews and its faults.

use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::test_env::TestEnv;

impl TestEnv {
    /// Returns the URL of SmartHR behind the fault proxy; its control plane is under `/_stand-in`.
    pub fn smarthr_url(&self) -> &str {
        self.smarthr.base_url()
    }

    /// Replaces the crews in SmartHR with these, in the form in which its API shows them.
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

    /// Invalidates all tokens that SmartHR issued.
    pub async fn revoke_tokens(&self) {
        self.smarthr_control(Method::POST, "revoke", &json!({}))
            .await;
    }

    /// Invalidates the access tokens that SmartHR issued, but not the refresh tokens.
    pub async fn revoke_access_tokens(&self) {
        let access_only = json!({ "access_tokens_only": true });
        self.smarthr_control(Method::POST, "revoke", &access_only)
            .await;
    }

    /// Hides an attribute of the crews, as an administrator of SmartHR can.
    pub async fn hide_attribute(&self, name: &str) {
        self.smarthr_control(Method::PUT, "hidden-attributes", &json!([name]))
            .await;
    }

    /// Returns the webhooks that a company has in SmartHR, in the form in which its API shows them.
    pub async fn webhooks_in_smarthr(&self, subdomain: &str) -> Vec<Value> {
        let path = format!("webhooks?company={subdomain}");
        self.ask_smarthr(Method::GET, &path).await
    }

    /// Takes the reports that SmartHR would send to webhooks now: `url`, `secret` and `body` of each.
    pub async fn take_smarthr_reports(&self) -> Vec<Value> {
        self.ask_smarthr(Method::DELETE, "deliveries").await
    }

    async fn ask_smarthr(&self, method: Method, path: &str) -> Vec<Value> {
        let url = format!("{}/_stand-in/{path}", self.smarthr.base_url());
        let answer = self.http.request(method, url).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Logs in at SmartHR on the page at `authorization`, and allows KiteRa access. Returns the URL that SmartHR sends
    /// the browser to.
    pub async fn log_in_at_smarthr(
        &self,
        authorization: &str,
        (email, password): (&str, &str),
    ) -> Url {
        let form = [("email", email), ("password", password)];
        let answer = self.http.post(authorization).form(&form).send().await;
        let answer = answer.unwrap();
        Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap()
    }

    /// Sends a request to the control plane.
    pub async fn smarthr_control(&self, method: Method, path: &str, body: &Value) {
        let url = format!("{}/_stand-in/{path}", self.smarthr.base_url());
        let answer = self.http.request(method, url).json(body).send().await;
        let status = answer.unwrap().status();
        assert!(status.is_success(), "{path}: {status}");
    }
}
