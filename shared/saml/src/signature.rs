//! The signatures of a response. `bergshamra-dsig` verifies them; what it would accept beyond the one form that
//! identity providers make (other transforms, references elsewhere, shared secrets, keys from the message) is refused
//! before.

use bergshamra_dsig::{DsigContext, VerifyResult, verify};
use bergshamra_keys::KeysManager;
use domain::SamlProvider;
use uppsala::{Document, NodeId};

use crate::namespaces::SIGNATURE;
use crate::structure::Response;
use crate::xml::Element;
use crate::{Refusal, certificate};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SIGNATURE_METHODS: [&str; 6] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];
const DIGEST_METHODS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

/// Refuses a response unless every signature in it is by a key of `provider`, each over the whole element that it is a
/// child of, and one of them is over the assertion or the response around it.
pub(crate) fn check(
    document: &Document<'_>,
    response: Response<'_>,
    provider: &SamlProvider,
) -> Result<(), Refusal> {
    let signed: Vec<Element<'_>> = [response.response, response.assertion]
        .into_iter()
        .filter(|element| element.only_child(SIGNATURE, "Signature").is_some())
        .collect();
    for element in &signed {
        check_form(*element)?;
    }
    let mut keys = KeysManager::new();
    for certificate in &provider.certificates {
        keys.add_key(certificate::key(certificate).ok_or(Refusal::Signature)?);
    }
    let verified = verify::verify_all_document(&DsigContext::new(keys), document)
        .map_err(|_| Refusal::Signature)?;
    if verified.len() == signed.len()
        && std::iter::zip(&signed, &verified).all(|(element, result)| is_over(*element, result))
    {
        Ok(())
    } else {
        Err(Refusal::Signature)
    }
}

/// Returns whether `result` is of the signature in `element`, and of the whole of it.
fn is_over(element: Element<'_>, result: &VerifyResult) -> bool {
    let VerifyResult::Valid {
        signature_node,
        references,
        ..
    } = result
    else {
        return false;
    };
    let own: Option<NodeId> = element
        .only_child(SIGNATURE, "Signature")
        .map(Element::node);
    let [reference] = references.as_slice() else {
        return false;
    };
    own == Some(*signature_node)
        && reference.digest_verified
        && reference.resolved_node == Some(element.node())
}

/// Refuses every signature of `signed` but the usual one: one reference, to the id of the element it stands in; the
/// transforms "without this signature" and "exclusive canonicalisation"; algorithms that are not broken.
fn check_form(signed: Element<'_>) -> Result<(), Refusal> {
    let signature = form(signed.only_child(SIGNATURE, "Signature"))?;
    if signature
        .with_descendants()
        .any(Element::has_prefixed_attribute)
    {
        return Err(Refusal::SignatureForm);
    }
    let only = |parent: Element<'_>, name: &'static str| {
        parent.only_child(SIGNATURE, name).map(Element::node)
    };
    if only(signature, "SignatureValue").is_none()
        || signature
            .children_named(SIGNATURE, "Object")
            .next()
            .is_some()
    {
        return Err(Refusal::SignatureForm);
    }
    let info = form(signature.only_child(SIGNATURE, "SignedInfo"))?;
    let canonicalisation = form(info.only_child(SIGNATURE, "CanonicalizationMethod"))?;
    let method = form(info.only_child(SIGNATURE, "SignatureMethod"))?;
    let reference = form(info.only_child(SIGNATURE, "Reference"))?;
    let digest = form(reference.only_child(SIGNATURE, "DigestMethod"))?;
    check_algorithm(method, &SIGNATURE_METHODS)?;
    check_algorithm(digest, &DIGEST_METHODS)?;

    let transforms = form(reference.only_child(SIGNATURE, "Transforms"))?;
    let algorithms: Vec<_> = transforms
        .children()
        .map(|transform| transform.attribute("Algorithm"))
        .collect();
    let id = signed.attribute("ID").filter(|id| !id.is_empty());
    let refers_to = reference
        .attribute("URI")
        .and_then(|uri| uri.strip_prefix('#'));
    let usual = id.is_some()
        && id == refers_to
        && info.children().count() == 3
        && only(reference, "DigestValue").is_some()
        && canonicalisation.attribute("Algorithm") == Some(EXCLUSIVE)
        && transforms
            .children()
            .all(|transform| transform.is(SIGNATURE, "Transform"))
        && algorithms == [Some(ENVELOPED), Some(EXCLUSIVE)];
    usual.then_some(()).ok_or(Refusal::SignatureForm)
}

fn form(element: Option<Element<'_>>) -> Result<Element<'_>, Refusal> {
    element.ok_or(Refusal::SignatureForm)
}

fn check_algorithm(method: Element<'_>, allowed: &[&str]) -> Result<(), Refusal> {
    match method.attribute("Algorithm") {
        Some(algorithm) if allowed.contains(&algorithm) => Ok(()),
        Some(algorithm) if algorithm.ends_with("sha1") => Err(Refusal::Sha1),
        _ => Err(Refusal::SignatureForm),
    }
}
