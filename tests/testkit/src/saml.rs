//! An identity provider for SAML that signs whatever a test asks for. It knows nothing of the product's library: it
//! writes its messages in canonical form from the start, so that hashing and signing their text is all there is to do.

use std::fmt::Write as _;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The algorithms that providers use.
pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
/// SHA-256 as a digest.
pub const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
/// Exclusive canonicalisation without comments.
pub const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// The transform that leaves the signature itself out.
pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// An identity provider with a key of its own.
pub struct SamlSigner {
    /// Its Entity ID.
    pub entity_id: String,
    key: RsaKeyPair,
    certificate: String,
}

/// What an assertion and the response around it say. Tests change one thing.
#[derive(Clone)]
pub struct SamlMessage {
    /// The person's address, as NameID.
    pub name_id: String,
    /// The id of the response.
    pub response_id: String,
    /// The id of the assertion.
    pub assertion_id: String,
    /// The request that it answers; without one, the response is unsolicited.
    pub in_response_to: Option<String>,
    /// `Destination` of the response.
    pub destination: String,
    /// `Recipient` of the assertion.
    pub recipient: String,
    /// For whom the assertion is made.
    pub audience: String,
    /// Who says so, in the response and in the assertion.
    pub issuer: String,
    /// When the assertion was made; it is valid for five minutes from then on.
    pub issued_at: Timestamp,
    /// XML after the authentication statement.
    pub attributes: String,
}

/// The parts of a signature that an attacker, or an odd provider, might choose.
#[derive(Clone)]
pub struct SignatureForm<'a> {
    /// `SignatureMethod`.
    pub method: &'a str,
    /// `CanonicalizationMethod`.
    pub canonicalisation: &'a str,
    /// `DigestMethod`.
    pub digest: &'a str,
    /// The elements in `Transforms`.
    pub transforms: String,
    /// What follows `SignatureValue`.
    pub after_value: String,
}

impl Default for SignatureForm<'_> {
    fn default() -> Self {
        Self {
            method: RSA_SHA256,
            canonicalisation: EXCLUSIVE,
            digest: SHA256,
            transforms: [ENVELOPED, EXCLUSIVE].map(transform).concat(),
            after_value: String::new(),
        }
    }
}

/// Returns a `Transform` without parameters.
pub fn transform(algorithm: &str) -> String {
    format!(r#"<ds:Transform Algorithm="{algorithm}"></ds:Transform>"#)
}

impl SamlSigner {
    /// Returns a provider with a new key and a certificate that ends at the beginning of `last_year`.
    pub fn new(entity_id: &str, last_year: i32) -> Self {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
        parameters.not_after = rcgen::date_time_ymd(last_year, 1, 1);
        let certificate = parameters.self_signed(&key).unwrap();
        Self {
            entity_id: entity_id.to_owned(),
            key: RsaKeyPair::from_pkcs8(&key.serialize_der()).unwrap(),
            certificate: STANDARD.encode(certificate.der()),
        }
    }

    /// Returns the certificate, in base64.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Returns the metadata, with browsers sent to `sign_in_url`.
    pub fn metadata(&self, sign_in_url: &str) -> String {
        let (entity_id, certificate) = (&self.entity_id, &self.certificate);
        format!(
            r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DSIG}"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{sign_in_url}"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
        )
    }

    /// Returns `element` (canonical, with an issuer) with a signature behind its issuer.
    pub fn sign(&self, element: &str, id: &str) -> String {
        insert_signature(
            element,
            &self.signature(&[(id, element)], &SignatureForm::default()),
        )
    }

    /// Returns a signature in `form` over elements (canonical) with their ids.
    pub fn signature(&self, elements: &[(&str, &str)], form: &SignatureForm<'_>) -> String {
        let info = signed_info(elements, form);
        let mut value = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                info.as_bytes(),
                &mut value,
            )
            .unwrap();
        signature_element(&info, &value, form)
    }

    /// Returns a signature with the public key as a shared secret.
    pub fn signature_by_public_key(&self, id: &str, element: &str) -> String {
        let form = SignatureForm {
            method: "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            ..SignatureForm::default()
        };
        let info = signed_info(&[(id, element)], &form);
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.key.public_key().as_ref());
        signature_element(&info, hmac::sign(&key, info.as_bytes()).as_ref(), &form)
    }
}

/// Returns `element` with `signature` behind its first issuer.
pub fn insert_signature(element: &str, signature: &str) -> String {
    element.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
}

fn signed_info(elements: &[(&str, &str)], form: &SignatureForm<'_>) -> String {
    let algorithm = if form.digest.ends_with("sha1") {
        &digest::SHA1_FOR_LEGACY_USE_ONLY
    } else {
        &digest::SHA256
    };
    let mut references = String::new();
    for (id, element) in elements {
        let value = STANDARD.encode(digest::digest(algorithm, element.as_bytes()));
        let uri = if id.contains([':', '(']) || id.is_empty() {
            (*id).to_owned()
        } else {
            format!("#{id}")
        };
        write!(
            references,
            r#"<ds:Reference URI="{uri}"><ds:Transforms>{}</ds:Transforms><ds:DigestMethod Algorithm="{}"></ds:DigestMethod><ds:DigestValue>{value}</ds:DigestValue></ds:Reference>"#,
            form.transforms, form.digest
        )
        .unwrap();
    }
    format!(
        r#"<ds:SignedInfo xmlns:ds="{DSIG}"><ds:CanonicalizationMethod Algorithm="{}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="{}"></ds:SignatureMethod>{references}</ds:SignedInfo>"#,
        form.canonicalisation, form.method
    )
}

fn signature_element(info: &str, value: &[u8], form: &SignatureForm<'_>) -> String {
    let value = STANDARD.encode(value);
    let after = &form.after_value;
    // The signature declares the prefix: within it, a second declaration would not be canonical.
    let info = info.replacen(&format!(r#" xmlns:ds="{DSIG}""#), "", 1);
    format!(
        r#"<ds:Signature xmlns:ds="{DSIG}">{info}<ds:SignatureValue>{value}</ds:SignatureValue>{after}</ds:Signature>"#
    )
}

impl SamlMessage {
    /// Returns the assertion, unsigned and canonical.
    pub fn assertion(&self) -> String {
        let Self {
            name_id,
            assertion_id,
            recipient,
            audience,
            issuer,
            attributes,
            ..
        } = self;
        let at = whole_seconds(self.issued_at);
        let end = whole_seconds(self.issued_at + SignedDuration::from_mins(5));
        let answers = in_response_to(self.in_response_to.as_deref());
        format!(
            r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{assertion_id}" IssueInstant="{at}" Version="2.0"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">{name_id}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData{answers} NotOnOrAfter="{end}" Recipient="{recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{at}" NotOnOrAfter="{end}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{at}" SessionIndex="_session"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>{attributes}</saml:Assertion>"#
        )
    }

    /// Returns the response around `assertions`, unsigned and canonical.
    pub fn response(&self, assertions: &str) -> String {
        let Self {
            response_id,
            destination,
            issuer,
            ..
        } = self;
        let at = whole_seconds(self.issued_at);
        let answers = in_response_to(self.in_response_to.as_deref());
        format!(
            r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="{destination}" ID="{response_id}"{answers} IssueInstant="{at}" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>{assertions}</samlp:Response>"#
        )
    }

    /// Returns the response with its assertion signed by `provider`, as most providers send it.
    pub fn signed_by(&self, provider: &SamlSigner) -> String {
        self.response(&provider.sign(&self.assertion(), &self.assertion_id))
    }
}

fn in_response_to(id: Option<&str>) -> String {
    id.map_or_else(String::new, |id| format!(r#" InResponseTo="{id}""#))
}

fn whole_seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
