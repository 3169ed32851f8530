//! A sign-in that succeeds, for tests to change one thing of.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::SamlProvider;
use jiff::Timestamp;
use saml::{Claims, Expected, Refusal, ServiceProvider, read_metadata, read_response};
use testkit::saml::{SamlMessage, SamlSigner};

pub(crate) const ENTITY_ID: &str = "https://kitera.example/sso/saml";
pub(crate) const ACS_URL: &str = "https://kitera.example/sso/saml/acs";
pub(crate) const REQUEST_ID: &str = "_request";
pub(crate) const SIGN_IN_URL: &str = "https://idp.example/sso?tenant=1";

/// The workspace's provider.
pub(crate) static PROVIDER: LazyLock<SamlSigner> =
    LazyLock::new(|| SamlSigner::new("https://idp.example/metadata", 2030));
/// A provider that the workspace does not know.
pub(crate) static OTHER_PROVIDER: LazyLock<SamlSigner> =
    LazyLock::new(|| SamlSigner::new("https://evil.example/metadata", 2030));

pub(crate) fn now() -> Timestamp {
    "2026-11-29T09:00:00Z".parse().unwrap()
}

/// Returns what 高橋's provider says of her.
pub(crate) fn message() -> SamlMessage {
    SamlMessage {
        name_id: "takahashi@aozora.example".into(),
        response_id: "_response".into(),
        assertion_id: "_assertion".into(),
        in_response_to: Some(REQUEST_ID.into()),
        destination: ACS_URL.into(),
        recipient: ACS_URL.into(),
        audience: ENTITY_ID.into(),
        issuer: PROVIDER.entity_id.clone(),
        issued_at: now(),
        attributes: String::new(),
    }
}

/// Returns what an attacker would like the provider to say.
pub(crate) fn forged() -> SamlMessage {
    SamlMessage {
        name_id: "admin@aozora.example".into(),
        response_id: "_forged_response".into(),
        assertion_id: "_forged".into(),
        ..message()
    }
}

pub(crate) fn identity_provider() -> SamlProvider {
    read_metadata(PROVIDER.metadata(SIGN_IN_URL).as_bytes()).unwrap()
}

pub(crate) fn service_provider() -> ServiceProvider {
    ServiceProvider {
        entity_id: ENTITY_ID.into(),
        acs_url: ACS_URL.into(),
    }
}

pub(crate) fn read(response: &str) -> Result<Claims, Refusal> {
    read_at(response.as_bytes(), now())
}

pub(crate) fn read_at(response: &[u8], now: Timestamp) -> Result<Claims, Refusal> {
    let expected = Expected {
        service_provider: &service_provider(),
        identity_provider: &identity_provider(),
        request_id: REQUEST_ID,
    };
    read_response(&STANDARD.encode(response), &expected, now)
}
