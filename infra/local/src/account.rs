//! Calls AWS as the owner of the account, for what only an operator sees.

use serde_json::Value;

use crate::Error;
use crate::signature::signature;

/// The AWS account of a stack, with the owner's rights: for what only an operator sees, such as alarms and queues.
#[derive(Debug, Clone)]
pub struct Account {
    http: reqwest::Client,
    endpoint: String,
}

impl Account {
    /// Returns the account behind `endpoint`, ministack's address.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub(crate) fn new(endpoint: &str) -> Result<Self, Error> {
        Ok(Self {
            http: reqwest::Client::builder().no_proxy().build()?,
            endpoint: format!("{endpoint}/"),
        })
    }

    /// Calls `service` (its name in signatures) in AWS's JSON protocol; `target` names the operation,
    /// such as `AmazonSQS.GetQueueAttributes`. Returns the answer's JSON.
    ///
    /// # Errors
    /// AWS refuses the request or does not answer.
    pub async fn call(&self, service: &str, target: &str, body: &Value) -> Result<Value, Error> {
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", target),
        ];
        let answer = self.post(service, &headers, body.to_string()).await?;
        serde_json::from_str(&answer).map_err(|error| Error::Malformed {
            what: "an answer of AWS",
            reason: error.to_string(),
        })
    }

    /// Publishes a message to an SNS topic, as another service would in AWS.
    ///
    /// # Errors
    /// AWS refuses the request or does not answer.
    pub async fn publish(&self, topic: &str, message: &str) -> Result<(), Error> {
        let form = reqwest::Url::parse_with_params(
            &self.endpoint,
            [
                ("Action", "Publish"),
                ("Version", "2010-03-31"),
                ("TopicArn", topic),
                ("Message", message),
            ],
        )
        .map_err(|error| Error::Malformed {
            what: "a message",
            reason: error.to_string(),
        })?;
        let form = form.query().unwrap_or_default().to_owned();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.post("sns", &headers, form).await.map(drop)
    }

    async fn post(
        &self,
        service: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<String, Error> {
        let mut request = self.http.post(&self.endpoint);
        for (name, value) in signature(service, &self.endpoint, body.as_bytes())? {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(body).send().await?;
        let status = response.status();
        let body = response.text().await?;
        if !status.is_success() {
            return Err(Error::Answer {
                what: service.to_owned(),
                status: status.as_u16(),
                body,
            });
        }
        Ok(body)
    }
}
