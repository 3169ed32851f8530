//! The request that sends a browser away.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::AuthnRequest;

use crate::sign_in::{ACS_URL, ENTITY_ID, identity_provider, now, service_provider};

#[test]
fn the_browser_is_sent_to_the_provider_with_a_request_that_names_us() {
    let request = AuthnRequest {
        from: &service_provider(),
        id: "_request",
        issued_at: now(),
        force_sign_in: true,
    };
    let url = request.address(&identity_provider(), "state-1").unwrap();
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let names: Vec<_> = query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["tenant", "SAMLRequest", "RelayState"]);
    assert_eq!(query[2].1, "state-1");

    let deflated = STANDARD.decode(&query[1].1).unwrap();
    let mut message = String::new();
    flate2::read::DeflateDecoder::new(&deflated[..])
        .read_to_string(&mut message)
        .unwrap();
    for part in [
        r#"ID="_request""#.to_owned(),
        r#"IssueInstant="2026-11-29T09:00:00Z""#.into(),
        r#"ForceAuthn="true""#.into(),
        r#"Destination="https://idp.example/sso?tenant=1""#.into(),
        format!(r#"AssertionConsumerServiceURL="{ACS_URL}""#),
        format!("<saml:Issuer>{ENTITY_ID}</saml:Issuer>"),
    ] {
        assert!(message.contains(&part), "{part} in {message}");
    }
}
