use std::time::SystemTime;

use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use serde_json::Value;

use crate::{
    Error,
    deployment::STACK,
    ministack::{REGION, credentials},
};

/// Invokes functions by hand, as the operator does.
#[derive(Debug, Clone)]
pub(crate) struct Lambda {
    http: reqwest::Client,
    endpoint: String,
}

impl Lambda {
    /// `endpoint` is ministack's address.
    pub(crate) fn new(http: reqwest::Client, endpoint: &str) -> Self {
        Self {
            http,
            endpoint: endpoint.to_owned(),
        }
    }

    /// Sends `event` to the function (its folder's name, such as `nightly-sync`) and waits for what it
    /// answers.
    ///
    /// # Errors
    /// The function ended with an error ([`Error::Function`]), or could not be reached.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> Result<Value, Error> {
        let endpoint = &self.endpoint;
        let url = format!("{endpoint}/2015-03-31/functions/{STACK}-{function}/invocations");
        let event = event.to_string();
        let mut request = self.http.post(&url);
        for (name, value) in signature(&url, event.as_bytes())? {
            request = request.header(name, value);
        }
        let response = request.body(event).send().await?;

        let status = response.status();
        let failed = response.headers().contains_key("x-amz-function-error");
        let body = response.text().await?;
        if !status.is_success() {
            let what = format!("the function {function}");
            return Err(Error::Answer {
                what,
                status: status.as_u16(),
                body,
            });
        }
        let payload = serde_json::from_str(&body).unwrap_or(Value::String(body));
        if failed {
            return Err(Error::Function {
                function: function.to_owned(),
                payload,
            });
        }
        Ok(payload)
    }
}

/// The headers that sign a POST request (AWS Signature Version 4).
fn signature(url: &str, body: &[u8]) -> Result<Vec<(String, String)>, Error> {
    let unsignable = |error: &dyn std::error::Error| Error::Malformed {
        what: "a request to sign",
        reason: error.to_string(),
    };
    let identity = credentials().into();
    #[expect(
        clippy::disallowed_methods,
        reason = "signatures live on the system's clock, not on the stack's"
    )]
    let now = SystemTime::now();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("lambda")
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| unsignable(&error))?
        .into();
    let request = SignableRequest::new("POST", url, std::iter::empty(), SignableBody::Bytes(body))
        .map_err(|error| unsignable(&error))?;
    let (signed, _) = sign(request, &parameters)
        .map_err(|error| unsignable(&error))?
        .into_parts();
    Ok(signed
        .headers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}
