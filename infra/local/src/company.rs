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

    /// The addresses of people by their numbers in the company.
    ///
    /// # Errors
    /// The stand-in refused it.
    pub(crate) async fn addresses(&self, numbers: &[u32]) -> Result<Vec<String>, Error> {
        let everybody = self.order(Method::GET, "crews", None).await?;
        let everybody: Vec<Value> = everybody.json().await?;
        let wanted: Vec<String> = numbers.iter().map(|&number| id(number)).collect();
        let people = everybody
            .iter()
            .filter(|person| wanted.iter().any(|id| person["id"] == **id));
        let addresses = people.filter_map(|person| person["email"].as_str());
        Ok(addresses.map(ToOwned::to_owned).collect())
    }

    /// What happens in a month: two are hired and two leave (two more retire on the dates they had
    /// from the start), names change, an address is gained, one lost and one corrected.
    ///
    /// # Errors
    /// The stand-in refused something.
    pub(crate) async fn has_a_busy_month(&self) -> Result<(), Error> {
        self.hire(vec![
            json!({
                "emp_code": "A0200",
                "last_name": "新井",
                "first_name": "はるか",
                "email": "haruka.arai@aozora-shoji.example",
                "emp_status": "employed",
            }),
            json!({
                "emp_code": "A0201",
                "last_name": "工藤",
                "first_name": "まもる",
                "emp_status": "employed",
            }),
        ])
        .await?;
        for (number, change) in [
            // Accepted the invitation, and married since.
            (1, json!({ "last_name": "青木" })),
            // Has not accepted yet, and married since.
            (3, json!({ "last_name": "緑川" })),
            // Lost the address before accepting: comes in by code.
            (4, json!({ "email": null })),
            // Left.
            (5, json!({ "emp_status": "retired" })),
            (9, json!({ "emp_status": "retired" })),
            // Have no e-mail address, so were registered by code: one marries, one gets an address.
            (105, json!({ "business_last_name": "桜庭" })),
            (106, json!({ "email": "genba@aozora-shoji.example" })),
            // Had half an address.
            (112, json!({ "email": "yamada.taro@aozora-shoji.example" })),
        ] {
            self.change(number, change).await?;
        }
        Ok(())
    }

    /// Changes one person.
    ///
    /// # Errors
    /// The stand-in refused it.
    pub(crate) async fn change(&self, number: u32, change: Value) -> Result<(), Error> {
        let person = format!("crews/{}", id(number));
        self.order(Method::PATCH, &person, Some(change)).await?;
        Ok(())
    }

    /// Hires people. Who has no id gets one.
    ///
    /// # Errors
    /// The stand-in refused it.
    pub(crate) async fn hire(&self, people: Vec<Value>) -> Result<(), Error> {
        let everybody = self.order(Method::GET, "crews", None).await?;
        let mut everybody: Vec<Value> = everybody.json().await?;
        everybody.extend(people);
        self.order(Method::PUT, "crews", Some(json!(everybody)))
            .await?;
        Ok(())
    }

    /// Sends the stand-in an order of what is to happen there.
    ///
    /// # Errors
    /// The stand-in refused it.
    pub(crate) async fn order(
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

/// The crew id of a person by their number in the company.
pub(crate) fn id(number: u32) -> String {
    format!("a0000000-0000-4000-8000-{number:012}")
}
