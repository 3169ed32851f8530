//! One company's access: its address, its token, and what is left of its request limit.

use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use crate::client::{Client, below};
use crate::pacer::Pacer;

/// What it takes to read a company: kept by the caller, per workspace.
#[derive(Clone, Debug)]
pub struct ApiAccess {
    /// The OAuth access token.
    pub access_token: SecretString,
    /// The company's host label, when the API's address has `{subdomain}` in it.
    pub subdomain: Option<String>,
}

/// A client bound to one company. Cheap to clone; clones share the request limit.
#[derive(Clone, Debug)]
pub struct Session {
    client: Client,
    base: Url,
    access_token: SecretString,
    pacer: Arc<Pacer>,
}

impl Session {
    pub(crate) fn new(client: Client, base: Url, access_token: SecretString) -> Self {
        Self {
            client,
            base,
            access_token,
            pacer: Arc::default(),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn access_token(&self) -> &SecretString {
        &self.access_token
    }

    pub(crate) fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    pub(crate) fn url(&self, segments: &[&str]) -> Url {
        below(&self.base, segments)
    }
}
