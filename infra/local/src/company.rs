use local::Error;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::admin::succeeded;

/// An admin's login at the stand-in's 株式会社あおぞら商事.
const LOGIN: [(&str, &str); 2] = [
    ("email", "admin@aozora-shoji.example"),
    ("password", "aozora-admin"),
];

/// 株式会社あおぞら商事 at the SmartHR stand-in: its HR people.
pub(crate) struct Company {
    http: reqwest::Client,
    smarthr: String,
}

impl Company {
    /// The company at the stand-in with this address.
    ///
    /// # Errors
    /// No requests can be sent at all.
    pub(crate) fn at(smarthr: &str) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            http,
            smarthr: smarthr.to_owned(),
        })
    }

    /// Logs in on SmartHR's page and lets KiteRa in; gives the redirect back.
    ///
    /// # Errors
    /// The login was refused.
    pub(crate) async fn let_in(&self, authorize_url: &str) -> Result<Response, Error> {
        let answer = self.http.post(authorize_url).form(&LOGIN).send().await?;
        succeeded("SmartHR's login", answer).await
    }

    /// One day's work: somebody is hired, somebody leaves, names and a mistyped address change.
    ///
    /// # Errors
    /// The stand-in refused something.
    pub(crate) async fn has_a_busy_day(&self) -> Result<(), Error> {
        let everybody = self.order(Method::GET, "crews", None).await?;
        let mut everybody: Vec<Value> = everybody.json().await?;
        everybody.push(json!({
            "emp_code": "A0200",
            "last_name": "新井",
            "first_name": "はるか",
            "email": "haruka.arai@aozora-shoji.example",
            "emp_status": "employed",
        }));
        self.order(Method::PUT, "crews", Some(json!(everybody)))
            .await?;
        for (number, change) in [
            // Invited yesterday, and married since.
            (3, json!({ "last_name": "青木" })),
            // Left.
            (5, json!({ "emp_status": "retired" })),
            // Has no e-mail address, so was registered yesterday.
            (105, json!({ "business_last_name": "桜庭" })),
            // Had half an address.
            (112, json!({ "email": "yamada.taro@aozora-shoji.example" })),
        ] {
            let person = format!("crews/a0000000-0000-4000-8000-{number:012}");
            self.order(Method::PATCH, &person, Some(change)).await?;
        }
        Ok(())
    }

    async fn order(
        &self,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> Result<Response, Error> {
        let mut request = self
            .http
            .request(method, format!("{}/_stand-in/{what}", self.smarthr));
        if let Some(body) = body {
            request = request.json(&body);
        }
        succeeded(what, request.send().await?).await
    }
}
