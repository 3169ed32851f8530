//! A company at the stand-in, connected as an admin connects it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use reqwest::redirect::Policy;
use serde_json::Value;
use sha2::{Digest, Sha256};
use smarthr::{ApiAccess, AppCredentials, Client, OAuthError, Session, Tokens};
use smarthr_stand_in::{Options, StandIn};
use url::Url;

use crate::{client_of, in_time};

pub(crate) const REDIRECT_URI: &str = "http://localhost:8080/smarthr/callback";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-length";

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
pub(crate) struct Linked {
    pub(crate) stand_in: StandIn,
    pub(crate) client: Client,
    pub(crate) tokens: Tokens,
    pub(crate) session: Session,
}

impl Linked {
    pub(crate) async fn start(options: Options) -> Self {
        let stand_in = StandIn::start(options).await.unwrap();
        let client = client_of(stand_in.base_url());
        let code = log_in(&client, "state").await;
        let tokens = exchange(&client, &code, VERIFIER).await.unwrap();
        let session = session(&client, &tokens);
        Self {
            stand_in,
            client,
            tokens,
            session,
        }
    }

    /// Sends a command to the control interface of the stand-in.
    pub(crate) async fn order(&self, method: reqwest::Method, path: &str, body: Value) {
        let url = format!("{}/_stand-in/{path}", self.stand_in.base_url());
        let answer = reqwest::Client::new()
            .request(method, url)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
    }

    /// Returns the number of requests with this method and path, such as `GET /api/v1/crews`.
    pub(crate) async fn asked(&self, line: &str) -> u64 {
        let url = format!("{}/_stand-in/requests", self.stand_in.base_url());
        let counts: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        counts[line].as_u64().unwrap_or(0)
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
pub(crate) async fn log_in(client: &Client, state: &str) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let url = client.authorize_url("kitera-client", REDIRECT_URI, state, &challenge);
    let browser = reqwest::Client::builder()
        .redirect(Policy::none())
        .build()
        .unwrap();
    let form = [
        ("email", "admin@aozora-shoji.example"),
        ("password", "aozora-admin"),
    ];
    let answer = browser.post(url).form(&form).send().await.unwrap();
    let callback = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let parameter = |name| {
        let mut pairs = callback.query_pairs();
        pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
    };
    assert!(callback.as_str().starts_with(REDIRECT_URI));
    assert_eq!(parameter("state"), state);
    parameter("code")
}

pub(crate) async fn exchange(
    client: &Client,
    code: &str,
    verifier: &str,
) -> Result<Tokens, OAuthError> {
    let deadline = in_time();
    client
        .exchange_code(
            &app(),
            code,
            REDIRECT_URI,
            &verifier.into(),
            now(),
            deadline,
        )
        .await
}
