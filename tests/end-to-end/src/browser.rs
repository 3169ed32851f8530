//! The deployed product in a browser without a screen.

use http_client::{Answer, Request, Server};
use serde_json::json;

/// A browser for the deployed product. It follows no redirects by itself.
pub type Browser = http_client::Browser<Product>;

/// The deployed product.
#[derive(Clone, Debug)]
pub struct Product {
    http: reqwest::Client,
    base_url: String,
}

impl Product {
    pub(crate) fn at(base_url: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        Self {
            http: http.build().unwrap(),
            base_url: base_url.to_owned(),
        }
    }

    /// Returns an address of the product as a path, for which a browser uses its session. Another address stays.
    pub(crate) fn path<'a>(&self, address: &'a str) -> &'a str {
        address.strip_prefix(&self.base_url).unwrap_or(address)
    }
}

impl Server for Product {
    async fn answer(&self, request: Request) -> Answer {
        let url = match request.path.strip_prefix('/') {
            Some(_) => format!("{}{}", self.base_url, request.path),
            None => request.path,
        };
        let method = request.method.parse().unwrap();
        let mut sent = self.http.request(method, url).body(request.body);
        if request.method != "GET" {
            sent = sent.header("origin", &self.base_url);
        }
        for (name, value) in request.headers {
            sent = sent.header(name, value);
        }
        let answer = sent.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        Answer::new(status, headers, answer.bytes().await.unwrap())
    }
}

/// Signs in by e-mail address, and returns the answer.
pub async fn sign_in(browser: &Browser, email: &str, password: &str) -> Answer {
    let credentials = json!({ "email": email, "password": password });
    browser.post("/api/v1/sign-in", credentials).await
}

/// Sets a password at the link of an invitation, which signs the person in.
pub async fn accept(browser: &Browser, link: &str, password: &str) -> Answer {
    let fields = [("password", password), ("password_confirmation", password)];
    browser.form(browser.server.path(link), &fields).await
}
