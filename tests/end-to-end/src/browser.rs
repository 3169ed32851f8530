//! Somebody's browser: keeps its session cookie, sends what forms and the console send.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// `Location`, when it leads elsewhere.
    pub location: Option<String>,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// The answer, which must be a success.
    #[expect(
        clippy::must_use_candidate,
        clippy::return_self_not_must_use,
        reason = "it asserts"
    )]
    pub fn ok(self) -> Self {
        assert!(
            self.status.is_success() || self.status.is_redirection(),
            "{} {}",
            self.status,
            self.text
        );
        self
    }
}

/// A browser without anybody signed in, until somebody does.
#[derive(Debug)]
pub struct Browser {
    http: reqwest::Client,
    base_url: String,
    session: Option<String>,
    csrf: Option<String>,
}

impl Browser {
    /// A browser that opens pages at `base_url`.
    pub fn new(base_url: &str) -> Self {
        Self {
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(Policy::none())
                .build()
                .unwrap(),
            base_url: base_url.to_owned(),
            session: None,
            csrf: None,
        }
    }

    /// Opens an address, relative to the product's or absolute.
    pub async fn get(&mut self, address: &str) -> Answer {
        self.send(Method::GET, address, |request| request).await
    }

    /// Sends a form.
    pub async fn post_form(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.base_url.clone();
        self.send(Method::POST, address, |request| {
            request.header("origin", origin).form(fields)
        })
        .await
    }

    /// Calls the API; a body of `Null` is none.
    pub async fn call(&mut self, method: Method, address: &str, body: Value) -> Answer {
        let csrf = self.csrf.clone().unwrap_or_default();
        let origin = self.base_url.clone();
        self.send(method, address, |request| {
            let request = request
                .header("x-csrf-token", csrf)
                .header("origin", origin);
            if body.is_null() {
                request
            } else {
                request.json(&body)
            }
        })
        .await
    }

    /// Signs in; the answer says whether that went well.
    pub async fn sign_in(&mut self, body: Value) -> Answer {
        let answer = self.call(Method::POST, "/api/v1/sign-in", body).await;
        if answer.status.is_success() {
            self.learn_csrf().await;
        }
        answer
    }

    /// Reads what writes of the signed-in person must carry.
    pub async fn learn_csrf(&mut self) {
        let session = self.get("/api/v1/session").await.json();
        self.csrf = session["csrf_token"].as_str().map(ToOwned::to_owned);
    }

    async fn send(
        &mut self,
        method: Method,
        address: &str,
        fill: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Answer {
        let url = if address.starts_with("http") {
            address.to_owned()
        } else {
            format!("{}{address}", self.base_url)
        };
        let ours = url.starts_with(&self.base_url);
        let mut request = self.http.request(method, url);
        if let Some(session) = self.session.as_ref().filter(|_| ours) {
            request = request.header(COOKIE, format!("__Host-session={session}"));
        }
        let response = fill(request).send().await.unwrap();
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(ToOwned::to_owned)
        };
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            if let Some(rest) = cookie.strip_prefix("__Host-session=") {
                let value = rest.split(';').next().unwrap_or_default();
                self.session = (!value.is_empty()).then(|| value.to_owned());
            }
        }
        Answer {
            status: response.status(),
            location: header(LOCATION),
            text: response.text().await.unwrap(),
        }
    }
}
