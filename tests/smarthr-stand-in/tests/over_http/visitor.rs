//! Somebody who uses a stand-in over HTTP: as a browser, as the OAuth client, with a token.

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use smarthr_stand_in::{Options, StandIn};
use url::Url;

pub(crate) const CALLBACK: &str = "http://localhost:8080/smarthr/callback";

/// The id of a person of the first company, by number.
pub(crate) fn person(number: usize) -> String {
    format!("a0000000-0000-4000-8000-{number:012}")
}

/// A stand-in with nobody logged in yet.
pub(crate) struct Visitor {
    stand_in: StandIn,
    client: Client,
    token: String,
}

impl Visitor {
    pub(crate) async fn with(options: Options) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self {
            stand_in: StandIn::start(options).await.unwrap(),
            client,
            token: String::new(),
        }
    }

    /// Without the limit by the second, which most tests would run into, and logged in as the
    /// admin of the first company.
    pub(crate) async fn logged_in() -> Self {
        Self::logged_in_with(Options {
            rate_per_second: None,
            ..Options::default()
        })
        .await
    }

    pub(crate) async fn logged_in_with(options: Options) -> Self {
        let mut visitor = Self::with(options).await;
        visitor.log_in_anew().await;
        visitor
    }

    /// From here on the API is used with a token of a new login.
    pub(crate) async fn log_in_anew(&mut self) {
        let tokens = self.log_in().await;
        self.token = tokens["access_token"].as_str().unwrap().to_owned();
    }

    /// The whole way: login page, callback, tokens.
    pub(crate) async fn log_in(&self) -> Value {
        let form = [
            ("email", "admin@aozora-shoji.example"),
            ("password", "aozora-admin"),
        ];
        let answer = self.post_form(&authorization(&[]), &form).await;
        let code = parameter(&location(&answer), "code").unwrap();
        let answer = self.exchange(&code, &[]).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    pub(crate) async fn get_page(&self, path: &str) -> Response {
        let url = format!("{}{path}", self.stand_in.base_url());
        self.client.get(url).send().await.unwrap()
    }

    pub(crate) async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let url = format!("{}{path}", self.stand_in.base_url());
        self.client.post(url).form(form).send().await.unwrap()
    }

    /// The token request for a code.
    pub(crate) async fn exchange(&self, code: &str, more: &[(&str, &str)]) -> Response {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", "kitera-client"),
            ("client_secret", "kitera-secret"),
            ("redirect_uri", CALLBACK),
            ("code", code),
        ];
        form.extend_from_slice(more);
        self.post_form("/oauth/token", &form).await
    }

    /// The token request for a refresh token.
    pub(crate) async fn refresh(&self, refresh_token: &str) -> Response {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", "kitera-client"),
            ("client_secret", "kitera-secret"),
            ("refresh_token", refresh_token),
        ];
        self.post_form("/oauth/token", &form).await
    }

    /// A request to the API with the token of the login.
    pub(crate) fn api(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/api/v1{path}", self.stand_in.base_url());
        self.client.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.api(Method::GET, path).send().await.unwrap()
    }

    /// The body of an answer that has to be a success.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Writes through the API, which has to succeed with that status.
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

    /// An order to the control plane, which has to be carried out.
    pub(crate) async fn order(&self, method: Method, path: &str, body: &Value) {
        let url = format!("{}/_stand-in{path}", self.stand_in.base_url());
        let request = self.client.request(method, url).json(body);
        let status = request.send().await.unwrap().status();
        assert!(status.is_success(), "{path}: {status}");
    }

    pub(crate) async fn look(&self, path: &str) -> Value {
        let answer = self.get_page(&format!("/_stand-in{path}")).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Makes a group with the item 連携対象, whose first choice has a physical name and whose second
    /// has none. Gives the group's id and the item.
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

/// The path of an authorization request of the registered client.
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

/// Where an answer redirects to.
pub(crate) fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), 303);
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

/// A parameter in the query of a callback.
pub(crate) fn parameter(callback: &str, name: &str) -> Option<String> {
    let url = Url::parse(callback).unwrap();
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
