//! A company at the stand-in, connected as an admin connects it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use reqwest::Method;
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use serde_json::Value;
use sha2::{Digest, Sha256};
use smarthr::{ApiAccess, AppCredentials, Client, OAuthError, Session, Tokens};
use smarthr_stand_in::{Options, StandIn};
use url::Url;

use crate::{client_of, in_time};

const REDIRECT_URI: &str = "http://localhost:8080/smarthr/callback";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-length";

pub(crate) fn app() -> AppCredentials {
    AppCredentials {
        client_id: "kitera-client".into(),
        client_secret: "kitera-secret".into(),
    }
}

/// Returns the time at which the tests request tokens.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T03:00:00Z".parse().unwrap()
}

/// The stand-in, a client, and the tokens of the company あおぞら商事.
pub(crate) struct Connected {
    stand_in: StandIn,
    pub(crate) client: Client,
    pub(crate) tokens: Tokens,
    pub(crate) session: Session,
}

impl Connected {
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let stand_in = StandIn::start(options).await.unwrap();
        let client = client_of(stand_in.base_url());
        let code = log_in(&client).await;
        let tokens = exchange(&client, &code).await.unwrap();
        let session = session(&client, &tokens);
        Self {
            stand_in,
            client,
            tokens,
            session,
        }
    }

    /// Sends a request to a path of the stand-in, as SmartHR's own pages do; returns the answer's body.
    pub(crate) async fn at_smarthr(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.stand_in.base_url());
        let request = reqwest::Client::new().request(method, url).json(body);
        let token = self.tokens.access_token.expose_secret();
        let answer = request.bearer_auth(token).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.json().await.unwrap_or_default()
    }

    /// Makes responses of SmartHR fail as `fault` says.
    pub(crate) async fn fault(&self, fault: Value) {
        self.at_smarthr(Method::POST, "/_stand-in/faults", &fault)
            .await;
    }

    /// Hides attributes of crews from our tokens.
    pub(crate) async fn hide(&self, attributes: Value) {
        let path = "/_stand-in/hidden-attributes";
        self.at_smarthr(Method::PUT, path, &attributes).await;
    }

    /// Returns how many pages of crews were asked for.
    pub(crate) async fn pages_read(&self) -> u64 {
        let path = "/_stand-in/requests";
        let counts = self.at_smarthr(Method::GET, path, &Value::Null).await;
        counts["GET /api/v1/crews"].as_u64().unwrap_or(0)
    }
}

pub(crate) fn session(client: &Client, tokens: &Tokens) -> Session {
    let access = ApiAccess {
        access_token: tokens.access_token.clone(),
        subdomain: tokens.subdomain.clone(),
    };
    client.session(access).unwrap()
}

/// Logs in on SmartHR's login page as the admin of あおぞら商事, and returns the code of the callback.
async fn log_in(client: &Client) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let url = client.authorize_url("kitera-client", REDIRECT_URI, "state", &challenge);
    let browser = reqwest::Client::builder().redirect(Policy::none());
    let form = [
        ("email", "admin@aozora-shoji.example"),
        ("password", "aozora-admin"),
    ];
    let login = browser.build().unwrap().post(url).form(&form);
    let answer = login.send().await.unwrap();
    let callback = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let parameter = |name| {
        let mut pairs = callback.query_pairs();
        pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
    };
    assert!(callback.as_str().starts_with(REDIRECT_URI));
    assert_eq!(parameter("state"), "state");
    parameter("code")
}

pub(crate) async fn exchange(client: &Client, code: &str) -> Result<Tokens, OAuthError> {
    let (app, verifier, now) = (app(), VERIFIER.into(), now());
    client
        .exchange_code(&app, code, REDIRECT_URI, &verifier, now, in_time())
        .await
}
