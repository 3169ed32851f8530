//! An HTTP client of a stand-in: as a browser, as the OAuth client, and with a token.

use std::collections::BTreeMap;

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use smarthr_stand_in::{Options, StandIn};
use url::Url;

pub(crate) const CALLBACK: &str = "http://localhost:8080/smarthr/callback";

/// The login of an admin of the first company.
pub(crate) const ADMIN: [(&str, &str); 2] = [
    ("email", "admin@aozora-shoji.example"),
    ("password", "aozora-admin"),
];

/// Returns the options of a stand-in without the limit by the second.
pub(crate) fn unhurried() -> Options {
    Options {
        rate_per_second: None,
        ..Options::default()
    }
}

/// Returns the id of a person of the first company, by number.
pub(crate) fn person(number: usize) -> String {
    format!("a0000000-0000-4000-8000-{number:012}")
}

/// A client with its own stand-in, and the access token of its latest login.
pub(crate) struct TestClient {
    stand_in: StandIn,
    http: reqwest::Client,
    token: String,
}

impl TestClient {
    pub(crate) async fn with(options: Options) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none());
        Self {
            stand_in: StandIn::start(options).await.unwrap(),
            http: http.build().unwrap(),
            token: String::new(),
        }
    }

    /// Returns a client without the limit by the second, which most tests would exceed, logged in as the admin of
    /// the first company.
    pub(crate) async fn logged_in() -> Self {
        Self::logged_in_with(unhurried()).await
    }

    pub(crate) async fn logged_in_with(options: Options) -> Self {
        let mut client = Self::with(options).await;
        client.log_in_again().await;
        client
    }

    /// Logs in; later calls of the API use the new token.
    pub(crate) async fn log_in_again(&mut self) {
        let tokens = self.log_in().await;
        let token = tokens["access_token"].as_str().unwrap();
        token.clone_into(&mut self.token);
    }

    /// Logs in by login page, callback and token request, and returns the tokens.
    pub(crate) async fn log_in(&self) -> Value {
        let answer = self.post_form(&authorization(&[]), &ADMIN).await;
        let code = parameter(&location(&answer), "code").unwrap();
        let answer = self.exchange(&code, &[]).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    pub(crate) async fn get_page(&self, path: &str) -> Response {
        let url = format!("{}{path}", self.stand_in.base_url());
        self.http.get(url).send().await.unwrap()
    }

    pub(crate) async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let url = format!("{}{path}", self.stand_in.base_url());
        self.http.post(url).form(form).send().await.unwrap()
    }

    /// Sends the token request for a code; the fields of `changed` replace the right ones.
    pub(crate) async fn exchange(&self, code: &str, changed: &[(&str, &str)]) -> Response {
        let right = [
            ("grant_type", "authorization_code"),
            ("client_id", "kitera-client"),
            ("client_secret", "kitera-secret"),
            ("redirect_uri", CALLBACK),
            ("code", code),
        ];
        let fields: BTreeMap<_, _> = right.iter().chain(changed).copied().collect();
        let fields: Vec<_> = fields.into_iter().collect();
        self.post_form("/oauth/token", &fields).await
    }

    /// Sends the token request for the refresh token of `tokens`.
    pub(crate) async fn refresh(&self, tokens: &Value) -> Response {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", "kitera-client"),
            ("client_secret", "kitera-secret"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ];
        self.post_form("/oauth/token", &form).await
    }

    /// Returns a request to the API with the token of the login.
    pub(crate) fn api(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/api/v1{path}", self.stand_in.base_url());
        self.http.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.api(Method::GET, path).send().await.unwrap()
    }

    /// Reads from the API, which must succeed.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Writes through the API, which must answer with `status`.
    pub(crate) async fn write(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Value {
        let answer = self.api(method, path).json(body).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        answer.json().await.unwrap()
    }

    /// Calls the control plane, as in `DELETE /faults`, which must succeed.
    pub(crate) async fn control(&self, call: &str, body: &Value) {
        let (method, path) = call.split_once(' ').unwrap();
        let url = format!("{}/_stand-in{path}", self.stand_in.base_url());
        let request = self.http.request(method.parse().unwrap(), url).json(body);
        let status = request.send().await.unwrap().status();
        assert!(status.is_success(), "{call}: {status}");
    }

    /// Calls the control plane without a body, and returns its answer.
    pub(crate) async fn control_answer(&self, call: &str) -> Value {
        let (method, path) = call.split_once(' ').unwrap();
        let url = format!("{}/_stand-in{path}", self.stand_in.base_url());
        let request = self.http.request(method.parse().unwrap(), url);
        request.send().await.unwrap().json().await.unwrap()
    }

    pub(crate) async fn inject(&self, fault: &Value) {
        self.control("POST /faults", fault).await;
    }

    /// Sets or clears 連携対象 of the first person.
    pub(crate) async fn choose(&self, value: Option<&str>) {
        let choice = json!({
            "company": "aozora", "crew_id": person(1), "item": "連携対象", "value": value,
        });
        self.control("POST /choices", &choice).await;
    }

    /// Reads from the control plane.
    pub(crate) async fn inspect(&self, path: &str) -> Value {
        let answer = self.get_page(&format!("/_stand-in{path}")).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Creates a group with the item 連携対象, whose first choice has a physical name and whose second has none.
    /// Returns the group's id and the item.
    pub(crate) async fn make_item(&self) -> (String, Value) {
        let group =
            json!({"name": "KiteRa", "position": 1, "access_type": "read_and_update_values"});
        let path = "/crew_custom_field_template_groups";
        let group = self.write(Method::POST, path, &group, 201).await;
        let group_id = group["id"].as_str().unwrap().to_owned();
        let item = json!({
            "name": "連携対象", "type": "enum", "group_id": group_id, "position": 1,
            "elements": [
                {"name": "連携する", "physical_name": "sync", "position": 1},
                {"name": "連携しない", "position": 2},
            ],
        });
        let path = "/crew_custom_field_templates";
        (group_id, self.write(Method::POST, path, &item, 201).await)
    }
}

/// Returns the path of an authorization request of the registered client.
pub(crate) fn authorization(more: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", "kitera-client"),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("state", "the-state"),
        ])
        .extend_pairs(more)
        .finish();
    format!("/oauth/authorization?{query}")
}

/// Returns where an answer redirects to.
pub(crate) fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), 303);
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

/// Returns a parameter in the query of a callback.
pub(crate) fn parameter(callback: &str, name: &str) -> Option<String> {
    let url = Url::parse(callback).unwrap();
    let pair = url.query_pairs().find(|(key, _)| key == name);
    pair.map(|(_, value)| value.into_owned())
}
