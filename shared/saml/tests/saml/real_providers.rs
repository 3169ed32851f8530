//! Messages of SimpleSAMLphp 1.19 and of xmlsec1 1.2 (in the form of Entra ID: other prefixes, an attribute for the
//! address), made once; the clock is that of then.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::{Claims, Expected, read_metadata, read_response};

use crate::sign_in::{REQUEST_ID, service_provider};

fn read(response: &[u8]) -> Claims {
    let metadata = include_bytes!("../../../../tests/fuzz/samples/saml_metadata/simplesamlphp.xml");
    let expected = Expected {
        service_provider: &service_provider(),
        identity_provider: &read_metadata(metadata).unwrap(),
        request_id: REQUEST_ID,
    };
    let now = "2026-11-29T20:51:30Z".parse().unwrap();
    read_response(&STANDARD.encode(response), &expected, now).unwrap()
}

#[test]
fn a_sign_in_at_simplesamlphp_is_read() {
    let claims = read(include_bytes!(
        "../../../../tests/fuzz/samples/saml/simplesamlphp.xml"
    ));
    assert_eq!(claims.email, "takahashi@aozora.example");
    assert_eq!(claims.name_id, "takahashi@aozora.example");
    assert_eq!(
        claims.session_not_on_or_after,
        Some("2026-11-30T04:51:27Z".parse().unwrap())
    );
}

#[test]
fn a_sign_in_signed_by_xmlsec1_is_read() {
    let claims = read(include_bytes!(
        "../../../../tests/fuzz/samples/saml/xmlsec1.xml"
    ));
    assert_eq!(claims.email, "takahashi@aozora.example");
    assert_eq!(claims.name_id, "u-4711");
    assert_eq!(claims.assertion_id, "_assertion");
}
