//! The provider's endpoints.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::keys::Keys;
use crate::token::{IdToken, Signature};

/// The client id of KiteRa at every provider.
pub const CLIENT_ID: &str = "kitera";
/// The client secret of KiteRa at every provider.
pub const CLIENT_SECRET: &str = "kitera-secret";

/// The page on which anybody signs in.
const PAGE: &str = include_str!("sign_in.html");

type Change = Box<dyn Fn(&mut IdToken) + Send>;

/// A provider on a free port of this machine, until it is dropped.
pub struct IdentityProvider {
    shared: Arc<Shared>,
    task: JoinHandle<io::Result<()>>,
}

struct Shared {
    issuer: String,
    keys: Keys,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    state: Mutex<Contents>,
}

#[derive(Default)]
struct Contents {
    codes: HashMap<String, Code>,
    users: HashMap<String, String>,
    change: Option<Change>,
    metadata: Value,
    outage: bool,
    requests: usize,
}

#[derive(Clone)]
struct Code {
    email: String,
    redirect_uri: String,
    nonce: Option<String>,
    challenge: Option<String>,
}

impl IdentityProvider {
    /// Starts a provider whose tokens are issued by this clock.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let issuer = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
        let shared = Arc::new(Shared {
            issuer,
            keys: Keys::generate(),
            clock: Box::new(clock),
            state: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route("/authorize", get(page).post(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { shared, task })
    }

    /// Returns the issuer identifier.
    pub fn issuer(&self) -> &str {
        &self.shared.issuer
    }

    /// Returns the address of the sign-in to which a page of KiteRa leads.
    pub fn address_on(page: &str) -> String {
        let (_, address) = page.split_once("href=\"http").unwrap();
        let address = address.split('"').next().unwrap();
        format!("http{}", address.replace("&#38;", "&"))
    }

    /// Signs somebody in at the address that KiteRa sent the browser to. Returns the address that the browser is sent
    /// back to.
    pub fn sign_in(&self, authorization: &str, email: &str) -> Url {
        let url = Url::parse(authorization).unwrap();
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        Url::parse(&self.shared.issue_code(&query, email)).unwrap()
    }

    /// Changes every ID token from now on, before it is signed.
    pub fn change_tokens(&self, change: impl Fn(&mut IdToken) + Send + 'static) {
        self.shared.state().change = Some(Box::new(change));
    }

    /// Publishes this metadata in place of its own fields of the same names.
    pub fn change_metadata(&self, metadata: Value) {
        self.shared.state().metadata = metadata;
    }

    /// Makes the provider answer nothing but errors, or answer again.
    pub fn set_outage(&self, outage: bool) {
        self.shared.state().outage = outage;
    }

    /// Returns how often metadata and keys were read.
    pub fn reads(&self) -> usize {
        self.shared.state().requests
    }
}

impl Drop for IdentityProvider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, Contents> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn issue_code(&self, query: &HashMap<String, String>, email: &str) -> String {
        let redirect_uri = query["redirect_uri"].clone();
        let mut state = self.state();
        let code = format!("code-{}-{}", state.codes.len(), self.issuer.len());
        let issued = Code {
            email: email.to_owned(),
            redirect_uri: redirect_uri.clone(),
            nonce: query.get("nonce").cloned(),
            challenge: query.get("code_challenge").cloned(),
        };
        state.codes.insert(code.clone(), issued);
        let mut back = Url::parse(&redirect_uri).unwrap();
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &query["state"])
            .append_pair("iss", &self.issuer);
        back.into()
    }

    fn id_token(&self, code: &Code) -> String {
        let now = (self.clock)().as_second();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "sub": subject(&code.email),
            "iat": now, "auth_time": now, "exp": now + 300, "email": code.email, "email_verified": true,
        });
        if let Some(nonce) = &code.nonce {
            claims["nonce"] = json!(nonce);
        }
        let mut token = IdToken {
            header: json!({ "alg": "RS256", "kid": "rsa", "typ": "JWT" }),
            claims,
            signature: Signature::Rsa,
        };
        if let Some(change) = &self.state().change {
            change(&mut token);
        }
        self.keys.sign(&token, CLIENT_SECRET)
    }
}

fn subject(email: &str) -> String {
    format!("id-of-{email}")
}

async fn metadata(State(shared): State<Arc<Shared>>) -> Response {
    let issuer = &shared.issuer;
    let mut metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "authorization_response_iss_parameter_supported": true,
    });
    let mut state = shared.state();
    state.requests += 1;
    if state.outage {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    for (name, value) in state.metadata.as_object().into_iter().flatten() {
        metadata[name] = value.clone();
    }
    Json(metadata).into_response()
}

async fn keys(State(shared): State<Arc<Shared>>) -> Response {
    shared.state().requests += 1;
    Json(shared.keys.published()).into_response()
}

async fn page() -> Html<&'static str> {
    Html(PAGE)
}

#[derive(Deserialize)]
struct SignIn {
    email: String,
}

async fn authorize(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    Form(SignIn { email }): Form<SignIn>,
) -> Redirect {
    Redirect::to(&shared.issue_code(&query, &email))
}

#[derive(Deserialize)]
struct TokenRequest {
    code: String,
    redirect_uri: String,
    #[serde(default)]
    code_verifier: String,
}

/// A code works once, for the same redirect URI, client and PKCE verifier (RFC 6749, section 4.1.3; RFC 7636).
async fn token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(request): Form<TokenRequest>,
) -> Response {
    if shared.state().outage {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let basic = format!(
        "Basic {}",
        STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"))
    );
    if headers
        .get(header::AUTHORIZATION)
        .is_none_or(|sent| *sent != *basic)
    {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&request.code_verifier));
    let code = shared.state().codes.remove(&request.code);
    let is_right = |code: &Code| {
        code.redirect_uri == request.redirect_uri
            && code
                .challenge
                .as_ref()
                .is_none_or(|expected| *expected == challenge)
    };
    let Some(code) = code.filter(is_right) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    let access_token = format!("access-{}", request.code);
    shared
        .state()
        .users
        .insert(access_token.clone(), code.email.clone());
    let tokens = json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": 300,
        "id_token": shared.id_token(&code),
    });
    Json(tokens).into_response()
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

async fn userinfo(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let sent = headers.get(header::AUTHORIZATION);
    let token = sent.and_then(|sent| sent.to_str().ok()?.strip_prefix("Bearer "));
    let email = token.and_then(|token| shared.state().users.get(token).cloned());
    match email {
        Some(email) => {
            let claims = json!({ "sub": subject(&email), "email": email, "email_verified": true });
            Json(claims).into_response()
        }
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}
