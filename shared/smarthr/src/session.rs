//! Access to one company: its address, its token, and its request limit.

use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use crate::client::{Client, below};
use crate::rate_limiter::RateLimiter;

/// The access to one company, which the caller stores per workspace.
#[derive(Clone, Debug)]
pub struct ApiAccess {
    /// The OAuth access token, which is sent as a bearer token.
    pub access_token: SecretString,
    /// The first label of the company's host; needed when the API's address has `{subdomain}` in it.
    pub subdomain: Option<String>,
}

/// A client bound to one company. Cheap to clone; clones share the request limit.
#[derive(Clone, Debug)]
pub struct Session {
    client: Client,
    base: Url,
    access_token: SecretString,
    rate_limiter: Arc<RateLimiter>,
}

impl Session {
    pub(crate) fn new(client: Client, base: Url, access_token: SecretString) -> Self {
        Self {
            client,
            base,
            access_token,
            rate_limiter: Arc::default(),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn access_token(&self) -> &SecretString {
        &self.access_token
    }

    pub(crate) fn rate_limiter(&self) -> &RateLimiter {
        &self.rate_limiter
    }

    pub(crate) fn url(&self, segments: &[&str]) -> Url {
        below(&self.base, segments)
    }
}
