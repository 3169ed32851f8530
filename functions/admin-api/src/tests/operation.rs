//! The operations of this function in the OpenAPI document.

use serde_json::{Value, json};
use testkit::http::{Answer, Request};

use super::console::Browser;

/// An operation, with ids filled in.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Vec<String>,
    /// The properties of the request body; `None` if the operation takes no body.
    pub(super) body: Option<Vec<String>>,
    /// The status codes that the document lists for the operation.
    statuses: Vec<String>,
}

impl Operation {
    /// Returns every operation. Those tagged `sign-in` are omitted because first-login serves them.
    pub(super) async fn all(browser: &Browser) -> Vec<Self> {
        let document = browser.get("/openapi.json").await.json();
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if operation["tags"] != json!(["sign-in"]) {
                    all.push(Self::of(&document, method, path, operation));
                }
            }
        }
        assert!(all.len() >= 23, "the document has lost some");
        all
    }

    fn of(document: &Value, method: &str, path: &str, operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let query = parameters.filter(|parameter| parameter["in"] == "query");
        let body = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        let body = body.as_str().map(|reference| {
            let pointer = format!("{}/properties", reference.trim_start_matches('#'));
            keys(document.pointer(&pointer).unwrap())
        });
        Self {
            method: method.to_uppercase(),
            path: path.replace("{id}", "member"),
            query: query
                .map(|it| it["name"].as_str().unwrap().to_owned())
                .collect(),
            body,
            statuses: keys(&operation["responses"]),
        }
    }

    pub(super) async fn send(
        &self,
        browser: &Browser,
        query: &str,
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let request = Request::new(&self.method, &format!("{}{query}", self.path));
        let answer = browser.send(request.json_text(body)).await;
        self.check(&answer);
        answer
    }

    /// Sends the request without a body, which must be refused as a problem with this code.
    pub(super) async fn is_refused(&self, browser: &Browser, status: u16, code: &str) {
        let answer = self.send(browser, "", "").await;
        let refusal = (answer.status.as_u16(), &*answer.problem());
        assert_eq!(refusal, (status, code), "{self:?}");
    }

    /// Checks that the response is documented and is not a server error, that a refusal is a
    /// problem document, and that caching and framing are forbidden.
    pub(super) fn check(&self, answer: &Answer) {
        let status = answer.status;
        assert!(!status.is_server_error(), "{self:?}: {status}");
        let documented = self.statuses.iter().any(|it| it == status.as_str());
        assert!(documented, "{self:?}: {status} is not documented");
        if status.is_client_error() {
            answer.problem();
        }
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"));
    }
}

fn keys(object: &Value) -> Vec<String> {
    object.as_object().unwrap().keys().cloned().collect()
}
