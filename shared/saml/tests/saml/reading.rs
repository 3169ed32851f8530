//! What is read of a response that is believed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use saml::{Claims, Expected, Refusal, read_metadata, read_response};
use testkit::saml::SamlSigner;

use crate::sign_in::{
    OTHER_PROVIDER, PROVIDER, REQUEST_ID, SIGN_IN_URL, forged, message, now, read, read_at,
    service_provider,
};

#[test]
fn a_signed_assertion_says_who_signed_in_and_what_to_remember() {
    let claims = read(&message().signed_by(&PROVIDER)).unwrap();
    let expected = Claims {
        assertion_id: "_assertion".into(),
        usable_until: "2026-11-29T09:07:00Z".parse().unwrap(),
        issued_at: now(),
        authenticated_at: Some(now()),
        name_id: "takahashi@aozora.example".into(),
        email: "takahashi@aozora.example".into(),
        session_not_on_or_after: None,
    };
    assert_eq!(claims, expected);
}

#[test]
fn a_signed_response_is_read_and_one_with_both_signatures() {
    let message = message();
    let whole = message.response(&message.assertion());
    assert!(read(&PROVIDER.sign(&whole, "_response")).is_ok());
    let both = message.signed_by(&PROVIDER);
    assert!(read(&PROVIDER.sign(&both, "_response")).is_ok());
}

#[test]
fn both_certificates_of_a_provider_that_changes_its_key_are_believed() {
    let next = SamlSigner::new(&PROVIDER.entity_id, 2031);
    let metadata = PROVIDER.metadata(SIGN_IN_URL).replace(
        "<md:SingleSignOnService",
        &format!(
            r#"<md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService"#,
            next.certificate()
        ),
    );
    let expected = Expected {
        service_provider: &service_provider(),
        identity_provider: &read_metadata(metadata.as_bytes()).unwrap(),
        request_id: REQUEST_ID,
    };
    let read = |response: &str| read_response(&STANDARD.encode(response), &expected, now());
    assert!(read(&message().signed_by(&PROVIDER)).is_ok());
    assert!(read(&message().signed_by(&next)).is_ok());
    assert_eq!(
        read(&message().signed_by(&OTHER_PROVIDER)),
        Err(Refusal::Signature)
    );
}

fn with_attributes(attributes: &[(&str, &str)]) -> Result<Claims, Refusal> {
    let mut message = message();
    message.name_id = "u-4711".into();
    let attributes = attributes.iter().map(|(name, value)| {
        format!(
            r#"<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"#
        )
    });
    let attributes = attributes.collect::<Vec<_>>().concat();
    message.attributes = format!("<saml:AttributeStatement>{attributes}</saml:AttributeStatement>");
    read(&message.signed_by(&PROVIDER))
}

#[test]
fn the_address_is_taken_from_the_attribute_that_providers_put_it_in() {
    for name in [
        "email",
        "Email",
        "mail",
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    ] {
        let claims = with_attributes(&[
            (name, "takahashi@aozora.example"),
            ("department", "a@b.example"),
        ])
        .unwrap();
        assert_eq!(claims.email, "takahashi@aozora.example", "{name}");
        assert_eq!(claims.name_id, "u-4711");
    }
}

#[test]
fn no_address_and_two_addresses_are_refused() {
    assert_eq!(
        with_attributes(&[("department", "人事部")]),
        Err(Refusal::NoAddress)
    );
    assert_eq!(
        with_attributes(&[("email", "takahashi")]),
        Err(Refusal::NoAddress)
    );
    assert_eq!(
        with_attributes(&[
            ("email", "takahashi@aozora.example"),
            ("mail", "admin@aozora.example")
        ]),
        Err(Refusal::SeveralAddresses)
    );
    assert!(
        with_attributes(&[
            ("email", "takahashi@aozora.example"),
            ("mail", "takahashi@aozora.example")
        ])
        .is_ok()
    );
}

#[test]
fn the_session_ends_when_the_provider_says() {
    let message = message();
    let assertion = message.assertion().replace(
        r#"SessionIndex="_session""#,
        r#"SessionIndex="_session" SessionNotOnOrAfter="2026-11-29T12:00:00Z""#,
    );
    let claims = read(&message.response(&PROVIDER.sign(&assertion, "_assertion"))).unwrap();
    assert_eq!(
        claims.session_not_on_or_after,
        Some("2026-11-29T12:00:00Z".parse().unwrap())
    );
}

#[test]
fn clocks_may_differ_by_two_minutes_and_no_more() {
    let response = message().signed_by(&PROVIDER);
    let at = |seconds: i64| {
        read_at(
            response.as_bytes(),
            now() + SignedDuration::from_secs(seconds),
        )
        .map(|_| ())
    };
    assert_eq!(at(-121), Err(Refusal::NotYetValid));
    assert_eq!(at(-120), Ok(()));
    assert_eq!(at(300 + 119), Ok(()));
    assert_eq!(at(300 + 120), Err(Refusal::Expired));
}

#[test]
fn an_assertion_is_refused_for_its_time_from_the_moment_until_which_its_id_is_kept() {
    let response = message().signed_by(&PROVIDER);
    let until: Timestamp = read(&response).unwrap().usable_until;
    assert_eq!(read_at(response.as_bytes(), until), Err(Refusal::Expired));
}

proptest! {
    /// Whatever byte of a signed message changes: it is refused, or says the same.
    #[test]
    fn a_changed_byte_never_changes_what_is_believed(offset in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut response = message().signed_by(&PROVIDER).into_bytes();
        let honest = read_at(&response, now()).unwrap();
        let offset = offset.index(response.len());
        response[offset] = byte;
        if let Ok(claims) = read_at(&response, now()) {
            prop_assert_eq!(claims, honest);
        }
    }

    /// A piece of a forged message, put anywhere into an honest one or in place of a piece of it.
    #[test]
    fn a_piece_of_a_forged_message_never_changes_what_is_believed(
        from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), until in any::<prop::sample::Index>(),
    ) {
        let honest = message().signed_by(&PROVIDER);
        let tags = |text: &str| text.match_indices('<').map(|(offset, _)| offset).collect::<Vec<_>>();
        let between = |text: &str, a: &prop::sample::Index, b: &prop::sample::Index| {
            let (a, b) = (*a.get(&tags(text)), *b.get(&tags(text)));
            a.min(b)..a.max(b)
        };
        let forged = forged().response(&forged().assertion());
        let mut response = honest.clone();
        response.replace_range(between(&honest, &at, &until), &forged[between(&forged, &from, &to)]);
        if let Ok(claims) = read(&response) {
            prop_assert_eq!(claims, read(&honest).unwrap());
        }
    }
}
