//! The client: built once per process and shared by the sessions of all companies.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use domain::is_host_label;
use reqwest::redirect::Policy;
use url::Url;

use crate::circuit_breaker::CircuitBreaker;
use crate::error::SmartHrError;
use crate::request_counts::{Counters, RequestCounts};
use crate::retry::BackoffBounds;
use crate::session::{ApiAccess, Session};

/// The placeholder of the company's subdomain in [`Endpoints::api_base`].
const PLACEHOLDER: &str = "{subdomain}";

/// The base URLs of SmartHR's API and of its OAuth server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// `https://{subdomain}.smarthr.jp/api`; `{subdomain}` is replaced where it occurs.
    pub api_base: String,
    /// `https://app.smarthr.jp/oauth`; below it are `authorization` and `token`.
    pub oauth_base: String,
}

/// Times that SmartHR does not document, or that depend on where we run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// The longest that one request may take, its body included.
    pub request_timeout: Duration,
    /// The bounds of the waits between retries.
    pub backoff: BackoffBounds,
    /// How long a request is repeated while SmartHR is unavailable for everybody.
    pub repeated_while_down: Duration,
    /// The lifetime of an access token when `expires_in` is missing.
    pub default_token_life: Duration,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(30),
            backoff: BackoffBounds {
                base: Duration::from_millis(500),
                cap: Duration::from_secs(30),
            },
            repeated_while_down: Duration::from_secs(30),
            default_token_life: Duration::from_hours(1),
        }
    }
}

/// The client for SmartHR. Cheap to clone; all clones share connections and counters.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    http: OnceLock<Option<reqwest::Client>>,
    api_base: String,
    oauth_base: Url,
    tuning: Tuning,
    random: Box<dyn Fn() -> f64 + Send + Sync>,
    counters: Counters,
    breaker: CircuitBreaker,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api_base", &self.shared.api_base)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Builds the client. `random` returns numbers in `0.0..1.0`, which spread retries.
    ///
    /// # Errors
    /// [`SmartHrError::Misconfigured`] when an endpoint is not an HTTP URL.
    pub fn new(
        endpoints: Endpoints,
        tuning: Tuning,
        random: impl Fn() -> f64 + Send + Sync + 'static,
    ) -> Result<Self, SmartHrError> {
        http_url(&endpoints.api_base.replace(PLACEHOLDER, "company"))
            .ok_or(SmartHrError::Misconfigured("the API's address"))?;
        let oauth_base = http_url(&endpoints.oauth_base)
            .ok_or(SmartHrError::Misconfigured("the OAuth address"))?;
        Ok(Self {
            shared: Arc::new(Shared {
                http: OnceLock::new(),
                api_base: endpoints.api_base,
                oauth_base,
                tuning,
                random: Box::new(random),
                counters: Counters::default(),
                breaker: CircuitBreaker::default(),
            }),
        })
    }

    /// Binds the client to one company's token. Use one session for all calls of a run: it tracks how
    /// much of the company's request limit is left.
    ///
    /// # Errors
    /// [`SmartHrError::BadSubdomain`] when the address needs a subdomain and `access` has none, or
    /// one that is not a single host label: nobody else may choose the host that gets the token.
    pub fn session(&self, access: ApiAccess) -> Result<Session, SmartHrError> {
        let base = if self.shared.api_base.contains(PLACEHOLDER) {
            let subdomain = access
                .subdomain
                .as_deref()
                .filter(|label| is_host_label(label))
                .ok_or(SmartHrError::BadSubdomain)?;
            self.shared.api_base.replace(PLACEHOLDER, subdomain)
        } else {
            self.shared.api_base.clone()
        };
        let base = http_url(&base).ok_or(SmartHrError::BadSubdomain)?;
        Ok(Session::new(self.clone(), base, access.access_token))
    }

    /// Returns the numbers of requests since the client was built.
    pub fn metrics(&self) -> RequestCounts {
        self.shared.counters.snapshot()
    }

    /// Returns the HTTP client. It is built at its first use, because that reads all root
    /// certificates of the system, and many functions never call SmartHR.
    pub(crate) fn http(&self) -> Result<&reqwest::Client, SmartHrError> {
        let http = self.shared.http.get_or_init(|| {
            let builder = reqwest::Client::builder()
                .user_agent(concat!("KiteRa-directory-sync/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(Duration::from_secs(5).min(self.shared.tuning.request_timeout))
                // The API never redirects; a redirect would carry the token elsewhere.
                .redirect(Policy::none());
            // A stand-in without TLS needs none of the root certificates.
            let builder = if self.is_plain_http() {
                builder.tls_certs_only([])
            } else {
                builder
            };
            builder.build().ok()
        });
        http.as_ref()
            .ok_or(SmartHrError::Misconfigured("the HTTP client"))
    }

    fn is_plain_http(&self) -> bool {
        self.shared.api_base.starts_with("http:") && self.shared.oauth_base.scheme() == "http"
    }

    pub(crate) fn oauth_url(&self, leaf: &str) -> Url {
        below(&self.shared.oauth_base, &[leaf])
    }

    pub(crate) fn tuning(&self) -> &Tuning {
        &self.shared.tuning
    }

    pub(crate) fn random(&self) -> f64 {
        (self.shared.random)()
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    pub(crate) fn breaker(&self) -> &CircuitBreaker {
        &self.shared.breaker
    }
}

/// Returns `base` with `segments` appended, each percent-encoded.
pub(crate) fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

fn http_url(text: &str) -> Option<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_of(api_base: &str) -> Result<Client, SmartHrError> {
        let endpoints = Endpoints {
            api_base: api_base.into(),
            oauth_base: "https://app.smarthr.example/oauth".into(),
        };
        Client::new(endpoints, Tuning::default(), || 0.5)
    }

    fn session_for(subdomain: Option<&str>) -> Result<Session, SmartHrError> {
        client_of("https://{subdomain}.smarthr.example/api")?.session(ApiAccess {
            access_token: "very-secret".into(),
            subdomain: subdomain.map(str::to_owned),
        })
    }

    #[test]
    fn the_subdomain_becomes_part_of_the_host() {
        let session = session_for(Some("kitera-demo")).unwrap();
        let url = session.url(&["v1", "crews", "a/b"]);
        let expected = "https://kitera-demo.smarthr.example/api/v1/crews/a%2Fb";
        assert_eq!(url.as_str(), expected);
    }

    #[test]
    fn a_subdomain_that_would_send_the_token_elsewhere_is_refused() {
        for forged in [
            Some("evil.example/"),
            Some("evil.example#"),
            Some("a.b"),
            Some(""),
            Some("-a"),
            Some("a@b"),
            Some("ａ"),
            None,
        ] {
            let error = session_for(forged).err();
            assert_eq!(error, Some(SmartHrError::BadSubdomain), "{forged:?}");
        }
    }

    #[test]
    fn nothing_prints_the_token() {
        let session = session_for(Some("demo")).unwrap();
        assert!(!format!("{session:?}").contains("very-secret"));
    }

    #[test]
    fn an_address_that_is_no_http_address_is_refused_at_once() {
        let refused = client_of("localhost:1");
        assert!(matches!(refused, Err(SmartHrError::Misconfigured(_))));
    }
}
