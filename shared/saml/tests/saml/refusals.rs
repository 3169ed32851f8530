//! Each check by itself: the response that only this check refuses, signed by the right provider.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::{Expected, Refusal, read_response};
use testkit::saml::SamlMessage;

use crate::sign_in::{
    OTHER_PROVIDER, PROVIDER, identity_provider, message, now, read, service_provider,
};

fn changed(change: impl FnOnce(&mut SamlMessage)) -> Result<(), Refusal> {
    let mut message = message();
    change(&mut message);
    read(&message.signed_by(&PROVIDER)).map(|_| ())
}

/// Signs the assertion after `old` was replaced in it by `new`.
fn replaced(old: &str, new: &str) -> Result<(), Refusal> {
    let assertion = message().assertion();
    assert!(assertion.contains(old), "{old}");
    let assertion = PROVIDER.sign(&assertion.replacen(old, new, 1), "_assertion");
    read(&message().response(&assertion)).map(|_| ())
}

#[test]
fn what_was_said_to_or_by_or_for_somebody_else_is_refused() {
    let evil = "https://evil.example/";
    assert_eq!(changed(|_| {}), Ok(()));
    assert_eq!(
        changed(|message| message.issuer = evil.into()),
        Err(Refusal::Issuer)
    );
    assert_eq!(
        changed(|message| message.destination = evil.into()),
        Err(Refusal::Destination)
    );
    assert_eq!(
        changed(|message| message.recipient = evil.into()),
        Err(Refusal::Recipient)
    );
    assert_eq!(
        changed(|message| message.audience = evil.into()),
        Err(Refusal::Audience)
    );
    assert_eq!(
        changed(|message| message.in_response_to = None),
        Err(Refusal::Unsolicited)
    );
    assert_eq!(
        changed(|message| message.in_response_to = Some("_other".into())),
        Err(Refusal::OtherRequest)
    );
    assert_eq!(
        read(&message().signed_by(&OTHER_PROVIDER)),
        Err(Refusal::Signature)
    );
    let only_in_envelope = message()
        .signed_by(&PROVIDER)
        .replacen(&PROVIDER.entity_id, evil, 1);
    assert_eq!(read(&only_in_envelope), Err(Refusal::Issuer));
}

#[test]
fn a_browser_without_a_request_gets_nobody_in() {
    let expected = Expected {
        service_provider: &service_provider(),
        identity_provider: &identity_provider(),
        request_id: "",
    };
    let mut message = message();
    message.in_response_to = Some(String::new());
    let response = STANDARD.encode(message.signed_by(&PROVIDER));
    assert_eq!(
        read_response(&response, &expected, now()),
        Err(Refusal::OtherRequest)
    );
}

#[test]
fn the_signed_copy_of_the_request_id_counts_too() {
    assert_eq!(
        replaced(r#"InResponseTo="_request" NotOnOrAfter"#, "NotOnOrAfter"),
        Err(Refusal::OtherRequest)
    );
    assert_eq!(
        replaced(r#"InResponseTo="_request""#, r#"InResponseTo="_stolen""#),
        Err(Refusal::OtherRequest)
    );
}

#[test]
fn an_assertion_without_what_every_assertion_has_is_refused() {
    let end = r#" NotOnOrAfter="2026-11-29T09:05:00Z""#;
    assert_eq!(replaced(end, ""), Err(Refusal::Incomplete), "confirmation");
    let of_conditions = format!(r#"NotBefore="2026-11-29T09:00:00Z"{end}"#);
    assert_eq!(
        replaced(&of_conditions, r#"NotBefore="2026-11-29T09:00:00Z""#),
        Err(Refusal::Incomplete)
    );
    assert_eq!(
        replaced("cm:bearer", "cm:holder-of-key"),
        Err(Refusal::NotBearer)
    );
    assert_eq!(
        replaced("cm:bearer", "cm:sender-vouches"),
        Err(Refusal::NotBearer)
    );
    let restriction = message().assertion();
    let (from, to) = (
        restriction.find("<saml:AudienceR").unwrap(),
        restriction.find("</saml:Cond").unwrap(),
    );
    assert_eq!(replaced(&restriction[from..to], ""), Err(Refusal::Audience));
    let (from, to) = (
        restriction.find("<saml:AuthnStatement").unwrap(),
        restriction.find("</saml:Assertion").unwrap(),
    );
    assert_eq!(
        replaced(&restriction[from..to], ""),
        Err(Refusal::Incomplete)
    );
    assert_eq!(
        replaced(
            "<saml:AudienceR",
            "<saml:Condition></saml:Condition><saml:AudienceR"
        ),
        Err(Refusal::UnknownCondition)
    );
    assert_eq!(
        replaced(
            "<saml:AudienceR",
            "<saml:OneTimeUse></saml:OneTimeUse><saml:AudienceR"
        ),
        Ok(())
    );
}

#[test]
fn every_restriction_to_audiences_has_to_name_us() {
    let other = "<saml:AudienceRestriction><saml:Audience>https://other.example/</saml:Audience></saml:AudienceRestriction>";
    assert_eq!(
        replaced("<saml:AudienceR", &format!("{other}<saml:AudienceR")),
        Err(Refusal::Audience)
    );
    assert_eq!(
        replaced(
            "<saml:Audience>",
            "<saml:Audience>https://other.example/</saml:Audience><saml:Audience>"
        ),
        Ok(())
    );
}

#[test]
fn a_provider_that_signed_nobody_in_says_so_without_an_assertion() {
    let refused = message()
        .response("")
        .replace("status:Success", "status:Responder");
    assert_eq!(read(&refused), Err(Refusal::NotSignedIn));
    assert_eq!(read(&message().response("")), Err(Refusal::NoAssertion));
}

#[test]
fn an_encrypted_assertion_is_refused_with_what_to_do() {
    let encrypted = message().response(
        r#"<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:EncryptedAssertion>"#,
    );
    assert_eq!(read(&encrypted), Err(Refusal::Encrypted));
    assert_eq!(
        Refusal::Encrypted.remedy(),
        "IDプロバイダーで、アサーションの暗号化を無効にしてください(通信はHTTPSで保護されています)"
    );
}
