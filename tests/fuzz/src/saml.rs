//! SAML: the response that a browser posts, and the metadata that an admin pastes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::{Expected, ServiceProvider, read_metadata, read_response};

const METADATA: &[u8] = include_bytes!("../samples/saml_metadata/simplesamlphp.xml");

/// Reads bytes as a response to the sign-in of the samples. What is believed is what the samples say, however their
/// bytes were changed, since nobody else has the provider's key.
pub fn saml(input: &[u8]) {
    let expected = Expected {
        service_provider: &ServiceProvider {
            entity_id: "https://kitera.example/sso/saml".into(),
            acs_url: "https://kitera.example/sso/saml/acs".into(),
        },
        identity_provider: &read_metadata(METADATA).unwrap(),
        request_id: "_request",
    };
    let now = "2026-11-29T20:51:30Z".parse().unwrap();
    let Ok(claims) = read_response(&STANDARD.encode(input), &expected, now) else {
        return;
    };
    assert_eq!(claims.email, "takahashi@aozora.example");
    let known = [
        (
            "_0134aa1f9d754d4bf545a05639fd9c28ccdd7f19b9",
            "takahashi@aozora.example",
        ),
        ("_assertion", "u-4711"),
    ];
    let said = (claims.assertion_id.as_str(), claims.name_id.as_str());
    assert!(known.contains(&said), "{said:?}");
}

/// Reads bytes as metadata. What is taken can be stored and has one or two certificates.
pub fn saml_metadata(input: &[u8]) {
    if let Ok(provider) = read_metadata(input) {
        assert!((1..=2).contains(&provider.certificates.len()));
        assert!(!provider.entity_id.is_empty());
        assert!(provider.sign_in_url.starts_with("http"));
    }
}
