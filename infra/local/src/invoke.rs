//! Invokes functions, as an operator does.

use serde_json::Value;

use crate::Error;
use crate::deployment::STACK;
use crate::signature::signature;

/// Lambda's API for invoking functions, as the operator uses it.
#[derive(Debug, Clone)]
pub(crate) struct Lambda {
    http: reqwest::Client,
    endpoint: String,
}

impl Lambda {
    /// Returns the API at `endpoint`, ministack's address.
    pub(crate) fn new(http: reqwest::Client, endpoint: &str) -> Self {
        Self {
            http,
            endpoint: endpoint.to_owned(),
        }
    }

    /// Sends `event` to the function (its folder's name, such as `nightly-sync`) and returns its answer.
    ///
    /// # Errors
    /// The function failed ([`Error::Function`]) or could not be reached.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> Result<Value, Error> {
        let endpoint = &self.endpoint;
        let function_url = format!("{endpoint}/2015-03-31/functions/{STACK}-{function}");
        let url = format!("{function_url}/invocations?Qualifier=live");
        let event = event.to_string();
        let mut request = self.http.post(&url);
        for (name, value) in signature("lambda", &url, event.as_bytes())? {
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
