//! One request, as API Gateway hands it to a function.

use axum::body::Body;
use lambda_http::http::Request;
use serde_json::{Map, Value, json};

use crate::actor::Session;

/// What somebody sends.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The headers, cookies apart.
    pub headers: Vec<(&'static str, String)>,
    /// The session cookie, if there is one.
    pub cookie: String,
    /// The body.
    pub body: String,
    /// The address it comes from.
    pub source: String,
}

impl Call {
    /// A request with nothing but a method and a path.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            source: "203.0.113.7".into(),
            ..Self::default()
        }
    }

    /// With the cookie of a session.
    #[must_use]
    pub fn from(mut self, session: &Session) -> Self {
        self.cookie.clone_from(&session.cookie);
        self
    }

    /// With a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With a JSON body, and `csrf` as scripts of ours send it.
    #[must_use]
    pub fn json(mut self, body: &Value, csrf: &str) -> Self {
        self.body = body.to_string();
        self.with("content-type", "application/json")
            .with("x-csrf-token", csrf)
    }

    /// With the fields of a form, and `csrf` as our pages send it.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)], csrf: &str) -> Self {
        self.body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .append_pair("csrf", csrf)
            .finish();
        self.with("content-type", "application/x-www-form-urlencoded")
    }

    /// As an event of payload format 2.0, read as the function reads it.
    pub(crate) fn into_request(self) -> Request<Body> {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let cookies: Vec<&str> = [self.cookie.as_str()]
            .into_iter()
            .filter(|cookie| !cookie.is_empty())
            .collect();
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "cookies": cookies, "headers": headers, "body": self.body, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "1", "apiId": "api", "domainName": "localhost",
                "domainPrefix": "app", "requestId": "1", "routeKey": "$default",
                "stage": "$default", "time": "", "timeEpoch": 0,
                "http": {
                    "method": self.method, "path": path, "protocol": "HTTP/1.1",
                    "sourceIp": self.source, "userAgent": "test"
                }
            }
        });
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        request.map(|body| Body::from(body.to_vec()))
    }
}
