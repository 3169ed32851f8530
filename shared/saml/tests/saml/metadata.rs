//! Metadata: the provider's, which admins paste, and ours.

use domain::SamlProvider;
use saml::{MetadataError, read_metadata};

use crate::sign_in::{
    ACS_URL, ENTITY_ID, PROVIDER, SIGN_IN_URL, identity_provider, service_provider,
};

fn replaced(old: &str, new: &str) -> Result<SamlProvider, MetadataError> {
    let metadata = PROVIDER.metadata(SIGN_IN_URL);
    assert!(metadata.contains(old), "{old}");
    read_metadata(metadata.replacen(old, new, 1).as_bytes())
}

#[test]
fn the_providers_metadata_says_its_name_its_address_and_when_its_certificate_ends() {
    let provider = identity_provider();
    assert_eq!(provider.entity_id, PROVIDER.entity_id);
    assert_eq!(provider.sign_in_url, SIGN_IN_URL);
    let ends: Vec<_> = provider
        .certificates
        .iter()
        .map(|one| one.not_after.to_string())
        .collect();
    assert_eq!(ends, ["2030-01-01T00:00:00Z"]);
}

#[test]
fn a_stored_provider_is_the_same_when_it_is_read_again() {
    let stored = serde_json::to_string(&identity_provider()).unwrap();
    assert_eq!(
        serde_json::from_str::<SamlProvider>(&stored).unwrap(),
        identity_provider()
    );
}

#[test]
fn metadata_that_cannot_be_used_is_refused_with_the_reason() {
    let key = {
        let metadata = PROVIDER.metadata(SIGN_IN_URL);
        let (from, to) = (
            metadata.find("<md:KeyDescriptor").unwrap(),
            metadata.find("<md:SingleSign").unwrap(),
        );
        metadata[from..to].to_owned()
    };
    let another = |n: i32| {
        let certificate = testkit::saml::SamlSigner::new("x", 2030 + n);
        key.replace(PROVIDER.certificate(), certificate.certificate())
    };
    let three = [key.clone(), another(1), another(2)].concat();
    for (changed, error) in [
        (
            replaced("<md:EntityDescriptor", "<!DOCTYPE x><md:EntityDescriptor"),
            MetadataError::Doctype,
        ),
        (
            replaced("</md:EntityDescriptor>", ""),
            MetadataError::NotXml,
        ),
        (
            replaced("IDPSSODescriptor", "SPSSODescriptor"),
            MetadataError::NotXml,
        ),
        (
            replaced(":HTTP-Redirect", ":SOAP"),
            MetadataError::NoRedirectAddress,
        ),
        (
            replaced("https://idp.example/sso", "http://idp.example/sso"),
            MetadataError::NotHttps,
        ),
        (
            replaced("https://idp.example/sso", "javascript:alert(1)//"),
            MetadataError::NotHttps,
        ),
        (
            replaced(r#"use="signing""#, r#"use="encryption""#),
            MetadataError::NoCertificate,
        ),
        (
            replaced(PROVIDER.certificate(), "MIIB"),
            MetadataError::BadCertificate,
        ),
        (replaced(&key, &three), MetadataError::TooManyCertificates),
    ] {
        assert_eq!(changed.unwrap_err(), error);
    }
    assert_eq!(
        replaced(&key, &format!("{key}{key}"))
            .unwrap()
            .certificates
            .len(),
        1,
        "the same twice"
    );
    assert_eq!(
        replaced("https://idp.example/sso", "http://localhost:8081/sso").map(|_| ()),
        Ok(())
    );
    let large = format!(
        "{}{}",
        PROVIDER.metadata(SIGN_IN_URL),
        " ".repeat(256 * 1024)
    );
    assert_eq!(
        read_metadata(large.as_bytes()),
        Err(MetadataError::TooLarge)
    );
    let ours = service_provider().metadata().unwrap();
    assert_eq!(
        read_metadata(ours.as_bytes()),
        Err(MetadataError::NotAnIdentityProvider)
    );
}

#[test]
fn a_certificate_with_a_key_of_1024_bits_is_refused() {
    let weak = include_str!("rsa-1024.pem")
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect::<String>();
    assert_eq!(
        replaced(PROVIDER.certificate(), &weak),
        Err(MetadataError::BadCertificate)
    );
}

#[test]
fn our_metadata_says_where_responses_go_and_for_whom() {
    let ours = service_provider().metadata().unwrap();
    assert!(ours.contains(&format!(r#"entityID="{ENTITY_ID}""#)));
    assert!(ours.contains(&format!(r#"bindings:HTTP-POST" Location="{ACS_URL}""#)));
}
