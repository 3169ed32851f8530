//! One call to SmartHR's API: its turn under the limit, its repetitions, its answer.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::answer::Answer;
use crate::error::SmartHrError;
use crate::retry::with_retries;
use crate::session::Session;

/// Largest page SmartHR gives.
pub(crate) const PER_PAGE: usize = 100;

/// What an answer says about the list that it is a page of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paging {
    /// `x-total-count`
    pub(crate) total: Option<usize>,
    /// Whether `Link` names a page after this one.
    pub(crate) has_next: bool,
}

impl Session {
    /// Reads JSON of a documented shape (`what` names it for engineers), and what the answer says about
    /// the list that it is a page of. Repeated on every transient failure, an unreadable body included.
    pub(crate) async fn get<T: DeserializeOwned>(
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

    /// Deletes; repeated like a read, and gone already is as good as deleted.
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

    /// Creates or changes; repeated only when SmartHR certainly has not done it.
    pub(crate) async fn write(
        &self,
        method: Method,
        url: &Url,
        body: &Value,
        deadline: Instant,
    ) -> Result<Answer, SmartHrError> {
        with_retries(
            self.client(),
            deadline,
            SmartHrError::was_not_carried_out,
            || self.attempt(method.clone(), url, Some(body), deadline),
        )
        .await
    }

    /// A whole list, page after page. For the short ones; crews have their own reading.
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
    ) -> Result<Answer, SmartHrError> {
        let client = self.client();
        let permit = self.pacer().permit(deadline).await?;
        let mut request = client
            .http()?
            .request(method, url.clone())
            .bearer_auth(self.access_token().expose_secret())
            .timeout(time_for_one(client.tuning().request_timeout, deadline));
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
        Answer::read(response).await?.success()
    }
}

/// How long a single request may take: never beyond the deadline.
pub(crate) fn time_for_one(usual: Duration, deadline: Instant) -> Duration {
    usual.min(deadline.saturating_duration_since(Instant::now()))
}
