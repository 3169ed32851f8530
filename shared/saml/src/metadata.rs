//! The metadata of an identity provider.

use domain::{SamlCertificate, SamlProvider};
use url::{Host, Url};

use crate::namespaces::{METADATA, REDIRECT, SIGNATURE};
use crate::xml::{self, Element, Unreadable};
use crate::{MetadataError, certificate};

/// Metadata of one provider has 5 to 60 KiB.
const MAX_BYTES: usize = 256 * 1024;
/// The present certificate and the next one.
const MAX_CERTIFICATES: usize = 2;

/// Reads metadata that a システム管理者 pasted. They vouch for it, so that a signature of the metadata, its
/// `validUntil` and chains of certificates are not looked at.
///
/// # Errors
///
/// [`MetadataError`] says what is missing or refused.
pub fn read_metadata(bytes: &[u8]) -> Result<SamlProvider, MetadataError> {
    if bytes.len() > MAX_BYTES {
        return Err(MetadataError::TooLarge);
    }
    let document = xml::parse(xml::text_of(bytes)?)?;
    let entity = Element::root(&document)
        .filter(|root| root.is(METADATA, "EntityDescriptor"))
        .ok_or(MetadataError::NotOneEntity)?;
    let entity_id = entity
        .attribute("entityID")
        .filter(|id| !id.is_empty())
        .ok_or(MetadataError::NotOneEntity)?;
    let role = entity
        .only_child(METADATA, "IDPSSODescriptor")
        .ok_or(MetadataError::NotAnIdentityProvider)?;
    Ok(SamlProvider {
        entity_id: entity_id.to_owned(),
        sign_in_url: sign_in_url(role)?,
        certificates: certificates(role)?,
    })
}

fn sign_in_url(role: Element<'_>) -> Result<String, MetadataError> {
    let address = role
        .children_named(METADATA, "SingleSignOnService")
        .find(|service| service.attribute("Binding") == Some(REDIRECT))
        .and_then(|service| service.attribute("Location"))
        .ok_or(MetadataError::NoRedirectAddress)?;
    let url = Url::parse(address).map_err(|_| MetadataError::NoRedirectAddress)?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url)) {
        Ok(url.into())
    } else {
        Err(MetadataError::NotHttps)
    }
}

/// Browsers take an address of their own machine for as safe as https.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn certificates(role: Element<'_>) -> Result<Vec<SamlCertificate>, MetadataError> {
    let mut certificates = Vec::new();
    let signing = role
        .children_named(METADATA, "KeyDescriptor")
        .filter(|key| key.attribute("use").is_none_or(|usage| usage == "signing"));
    for text in signing
        .flat_map(Element::with_descendants)
        .filter(|element| element.is(SIGNATURE, "X509Certificate"))
        .map(Element::text)
    {
        let certificate = certificate::read(&text.ok_or(MetadataError::BadCertificate)?)?;
        if !certificates.contains(&certificate) {
            certificates.push(certificate);
        }
    }
    match certificates.len() {
        0 => Err(MetadataError::NoCertificate),
        1..=MAX_CERTIFICATES => Ok(certificates),
        _ => Err(MetadataError::TooManyCertificates),
    }
}

impl From<Unreadable> for MetadataError {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Malformed => Self::NotXml,
            Unreadable::Doctype => Self::Doctype,
        }
    }
}
