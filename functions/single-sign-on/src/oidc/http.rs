//! The HTTP client for identity providers: no redirects, short waits, small answers, public addresses only.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use tokio::sync::Mutex;
use url::Url;

use super::discovery::CachedProvider;
use super::public_address::{PublicAddresses, is_public_https};

/// The longest that one request may take. A sign-in makes four of them at most, and the function times out after 30
/// seconds.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(6);

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 256 * 1024;

/// Which identity providers are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those with https at public addresses.
    Public,
    /// Those on this machine as well: for the local stack and tests.
    Local,
}

impl Reach {
    /// Returns the reach that `SSO_PROVIDERS` says: "local", or anything else for [`Reach::Public`].
    pub fn of_setting(text: &str) -> Self {
        if text == "local" {
            Self::Local
        } else {
            Self::Public
        }
    }
}

/// The client for identity providers. It remembers what they publish about themselves.
pub struct ProviderClient {
    reach: Reach,
    http: OnceLock<Option<reqwest::Client>>,
    pub(super) known: Mutex<HashMap<String, CachedProvider>>,
}

impl fmt::Debug for ProviderClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderClient")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

/// Why a request got no answer that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    #[error("the address is not allowed")]
    NotAllowed,
    #[error("no answer")]
    Unavailable,
    #[error("the answer is too large")]
    TooLarge,
}

/// The way in which `openidconnect` sends requests.
impl<'c> AsyncHttpClient<'c> for ProviderClient {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl ProviderClient {
    /// Creates the client.
    pub fn new(reach: Reach) -> Self {
        Self {
            reach,
            http: OnceLock::new(),
            known: Mutex::default(),
        }
    }

    /// Returns whether a provider's address may be called.
    pub(super) fn allows(&self, url: &Url) -> bool {
        match self.reach {
            Reach::Public => is_public_https(url),
            Reach::Local => matches!(url.scheme(), "http" | "https"),
        }
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// [`HttpError`] when the address is not allowed, nobody answers in time, or the answer is too large.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| HttpError::NotAllowed)?;
        if !self.allows(&url) {
            return Err(HttpError::NotAllowed);
        }
        let request = request.try_into().map_err(|_| HttpError::NotAllowed)?;
        let http = self.http().ok_or(HttpError::Unavailable)?;
        let sent = http.execute(request).await;
        let mut answer = sent.map_err(|error| {
            tracing::warn!(error = %error.without_url(), "an identity provider did not answer");
            HttpError::Unavailable
        })?;
        if answer.status().is_server_error() {
            tracing::warn!(status = %answer.status(), "an identity provider failed");
            return Err(HttpError::Unavailable);
        }
        let mut response = HttpResponse::new(Vec::new());
        *response.status_mut() = answer.status();
        std::mem::swap(response.headers_mut(), answer.headers_mut());
        while let Some(chunk) = answer.chunk().await.map_err(|_| HttpError::Unavailable)? {
            if response.body().len() + chunk.len() > LARGEST_ANSWER {
                return Err(HttpError::TooLarge);
            }
            response.body_mut().extend_from_slice(&chunk);
        }
        Ok(response)
    }

    /// Returns the HTTP client, which reads the system's root certificates when it is first used.
    fn http(&self) -> Option<&reqwest::Client> {
        let http = self.http.get_or_init(|| {
            let builder = reqwest::Client::builder()
                .user_agent(concat!("KiteRa-single-sign-on/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(REQUEST_TIMEOUT / 2)
                .timeout(REQUEST_TIMEOUT)
                .no_proxy()
                .redirect(Policy::none());
            let builder = match self.reach {
                Reach::Public => builder.https_only(true).dns_resolver(PublicAddresses),
                Reach::Local => builder,
            };
            builder.build().ok()
        });
        http.as_ref()
    }
}
