//! A browser without a screen: keeps its session cookie, and sends what forms and the console send.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// An HTTP response with its body.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The `Location` header of a redirect.
    pub location: Option<String>,
    /// The body, decoded as UTF-8.
    pub text: String,
}

impl Answer {
    /// Returns the body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// Returns the answer, which must be a success or a redirect.
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

/// A browser of one person, signed out at first.
#[derive(Clone, Debug)]
pub struct Browser {
    http: reqwest::Client,
    base_url: String,
    session: Option<String>,
    csrf: Option<String>,
}

impl Browser {
    /// Returns a browser for the product at `base_url`. It follows no redirects by itself.
    pub(crate) fn new(base_url: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none());
        Self {
            http: http.build().unwrap(),
            base_url: base_url.to_owned(),
            session: None,
            csrf: None,
        }
    }

    /// Returns a signed-out browser that shares this one's connections.
    pub(crate) fn signed_out(&self) -> Self {
        Self {
            session: None,
            csrf: None,
            ..self.clone()
        }
    }

    /// Opens `address`: a path of the product, or an absolute URL.
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

    /// Calls the API as the console does; `Null` sends no body.
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

    /// Signs in with the credentials of `POST /api/v1/sign-in`, and returns its answer.
    pub async fn sign_in(&mut self, body: Value) -> Answer {
        let answer = self.call(Method::POST, "/api/v1/sign-in", body).await;
        if answer.status.is_success() {
            self.learn_csrf().await;
        }
        answer
    }

    /// Signs in by e-mail address, and returns the answer.
    pub async fn sign_in_by_email(&mut self, email: &str, password: &str) -> Answer {
        self.sign_in(json!({ "email": email, "password": password }))
            .await
    }

    /// Sets a password at the link of an invitation, which signs the person in.
    pub async fn accept(&mut self, link: &str, password: &str) -> Answer {
        let fields = [("password", password), ("password_confirmation", password)];
        self.post_form(link, &fields).await
    }

    /// Reads the session's CSRF token, which every write must carry.
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
