use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

/// The answer to a request. Every body of this product is UTF-8.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// An answer with this body, which must be UTF-8.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers,
            text: String::from_utf8(body.into()).unwrap(),
        }
    }

    /// Returns the answer itself, which must be a success or a redirect.
    #[expect(
        clippy::must_use_candidate,
        clippy::return_self_not_must_use,
        reason = "it asserts"
    )]
    #[track_caller]
    pub fn ok(self) -> Self {
        let ok = self.status.is_success() || self.status.is_redirection();
        assert!(ok, "{} {}", self.status, self.text);
        self
    }

    /// Returns the first value of a header, or an empty text if there is none.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// Returns the body, which must be a page.
    #[track_caller]
    pub fn html(&self) -> &str {
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
        &self.text
    }

    /// Asserts that the body, which must be a page, contains all of these.
    #[track_caller]
    pub fn shows(&self, parts: &[&str]) {
        for part in parts {
            assert!(self.html().contains(part), "{part}: {}", self.text);
        }
    }

    /// Asserts that the body, which must be a page, contains none of these.
    #[track_caller]
    pub fn shows_no(&self, parts: &[&str]) {
        for part in parts {
            assert!(!self.html().contains(part), "{part}: {}", self.text);
        }
    }

    /// Returns where the answer, which must be a redirect after a form (303), leads.
    #[track_caller]
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header("location")
    }

    /// Returns the code of the body, which must be a problem document (RFC 9457) in Japanese.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        let detail = problem["detail"].as_str().unwrap();
        assert!(!detail.is_ascii(), "a person in Japan reads this: {detail}");
        problem["code"].as_str().unwrap().to_owned()
    }

    /// Asserts that the answer is a problem document with this status and code.
    #[track_caller]
    pub fn is_refused(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.problem(), code);
    }

    /// Returns the session cookie that the answer sets, as `name=value`; empty if it sets none.
    pub fn cookie(&self) -> &str {
        self.cookie_named("__Host-session").unwrap_or_default()
    }

    /// Returns the cookie of this name that the answer sets, as `name=value`.
    pub fn cookie_named(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get_all("set-cookie").iter();
        let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        cookies.find(|cookie| cookie.split('=').next() == Some(name))
    }

    /// Returns the CSRF token of the session, if the answer tells it: in the JSON body, or in a form's hidden field.
    pub fn csrf(&self) -> Option<String> {
        if self.header("content-type").starts_with("text/html") {
            let (_, field) = self.text.split_once(r#"name="csrf" value=""#)?;
            return field.split('"').next().map(ToOwned::to_owned);
        }
        let body: Value = serde_json::from_str(&self.text).ok()?;
        let token = body["csrf"].as_str().or(body["csrf_token"].as_str());
        token.map(ToOwned::to_owned)
    }
}
