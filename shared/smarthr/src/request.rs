//! One request to SmartHR's API: under the request limit, with retries.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::error::SmartHrError;
use crate::response::{ApiResponse, FromJson};
use crate::retry::with_retries;
use crate::session::Session;

/// The largest page that SmartHR allows.
pub(crate) const PER_PAGE: usize = 100;

/// What a response says about the list that it is a page of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paging {
    /// The value of `x-total-count`; `None` if it is missing or not a number.
    pub(crate) total: Option<usize>,
    /// Whether `Link` names a page after this one.
    pub(crate) has_next: bool,
}

impl Session {
    /// Reads JSON of a documented shape (`what` names it for engineers), with the paging of a list.
    /// Repeated after every transient failure, an unreadable body included.
    pub(crate) async fn get<T: FromJson>(
        &self,
        url: &Url,
        what: &'static str,
        deadline: Instant,
    ) -> Result<(T, Paging), SmartHrError> {
        with_retries(
            self.client(),
            deadline,
            SmartHrError::is_transient,
            || async {
                let answer = self.attempt(Method::GET, url, None, deadline).await?;
                let paging = Paging {
                    total: answer.total_count(),
                    has_next: answer.has_next(),
                };
                Ok((answer.json(what)?, paging))
            },
        )
        .await
    }

    /// Deletes what `url` names. Repeated like a read; a 404 is a success.
    pub(crate) async fn delete(&self, url: &Url, deadline: Instant) -> Result<(), SmartHrError> {
        let deleted = with_retries(self.client(), deadline, SmartHrError::is_transient, || {
            self.attempt(Method::DELETE, url, None, deadline)
        })
        .await;
        match deleted {
            Ok(_) | Err(SmartHrError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Creates or changes what `url` names. Repeated only when SmartHR certainly did not carry it
    /// out.
    pub(crate) async fn write(
        &self,
        method: Method,
        url: &Url,
        body: &Value,
        deadline: Instant,
    ) -> Result<ApiResponse, SmartHrError> {
        with_retries(
            self.client(),
            deadline,
            SmartHrError::was_not_carried_out,
            || self.attempt(method.clone(), url, Some(body), deadline),
        )
        .await
    }

    /// Reads a whole short list, page after page. Crews are read by `read_employees.rs`.
    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        what: &'static str,
        deadline: Instant,
    ) -> Result<Vec<T>, SmartHrError> {
        let mut all = Vec::new();
        for page in 1_usize.. {
            let mut url = self.url(segments);
            url.query_pairs_mut()
                .append_pair("page", &page.to_string())
                .append_pair("per_page", &PER_PAGE.to_string());
            let (mut items, paging): (Vec<T>, _) = self.get(&url, what, deadline).await?;
            let full = items.len() >= PER_PAGE;
            let empty = items.is_empty();
            all.append(&mut items);
            if empty || paging.total.map_or(!full, |total| all.len() >= total) {
                break;
            }
        }
        Ok(all)
    }

    async fn attempt(
        &self,
        method: Method,
        url: &Url,
        body: Option<&Value>,
        deadline: Instant,
    ) -> Result<ApiResponse, SmartHrError> {
        let client = self.client();
        let permit = self.rate_limiter().permit(deadline).await?;
        let mut request = client
            .http()?
            .request(method, url.clone())
            .bearer_auth(self.access_token().expose_secret())
            .timeout(request_timeout(client.tuning().request_timeout, deadline));
        if let Some(body) = body {
            request = request.json(body);
        }
        client.counters().request();
        let response = request
            .send()
            .await
            .map_err(|error| SmartHrError::from_transport(&error))?;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            client.counters().throttled();
            permit.refused(response.headers(), client.tuning().backoff.base);
        } else {
            permit.answered(response.headers());
        }
        ApiResponse::read(response).await?.success()
    }
}

/// Returns the time that a single request may take: never beyond the deadline.
pub(crate) fn request_timeout(usual: Duration, deadline: Instant) -> Duration {
    usual.min(deadline.saturating_duration_since(Instant::now()))
}
