//! A response, from the form that the browser posts to claims.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::SamlProvider;
use jiff::Timestamp;

use crate::namespaces::ASSERTION;
use crate::structure::Response;
use crate::xml::{self, Element, Unreadable};
use crate::{Claims, Refusal, ServiceProvider, claims, conditions, signature, subject, time};

/// Responses have 3 to 20 KiB. The bound is on the form's value, in base64.
const MAX_BYTES: usize = 256 * 1024;

/// What a response has to match.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// Who asked.
    pub service_provider: &'a ServiceProvider,
    /// Who was asked.
    pub identity_provider: &'a SamlProvider,
    /// The id of the request that this browser was sent away with; empty for a browser without one.
    pub request_id: &'a str,
}

/// Reads the form value `SAMLResponse` (base64). What is returned was said by the identity provider, to us, now, in
/// answer to this browser's request. That it is said for the first time is the caller's to check, with the assertion's
/// id.
///
/// # Errors
///
/// [`Refusal`] names the first check that failed. An unsolicited response is refused before its signature is looked at.
pub fn read_response(
    form_value: &str,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Claims, Refusal> {
    if form_value.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let form_value: String = form_value.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(form_value).map_err(|_| Refusal::NotXml)?;
    let document = xml::parse(xml::text_of(&bytes)?)?;
    if xml::has_comment_or_instruction(&document) {
        return Err(Refusal::Comment);
    }
    let response = Response::of(Element::root(&document).ok_or(Refusal::NotXml)?)?;
    check_request(response, expected)?;
    signature::check(&document, response, expected.identity_provider)?;
    check_envelope(response, expected)?;
    read_assertion(response.assertion, expected, now)
}

/// The binding of the response to a request. The signed copy of it is checked with the subject.
fn check_request(response: Response<'_>, expected: &Expected<'_>) -> Result<(), Refusal> {
    match response.response.attribute("InResponseTo") {
        None => Err(Refusal::Unsolicited),
        Some(id) if !id.is_empty() && id == expected.request_id => Ok(()),
        Some(_) => Err(Refusal::OtherRequest),
    }
}

fn check_envelope(response: Response<'_>, expected: &Expected<'_>) -> Result<(), Refusal> {
    if response.response.attribute("Destination")
        != Some(expected.service_provider.acs_url.as_str())
    {
        return Err(Refusal::Destination);
    }
    let issuer = |element: Element<'_>| {
        element
            .only_child(ASSERTION, "Issuer")
            .and_then(Element::text)
    };
    let theirs = expected.identity_provider.entity_id.as_str();
    let response_has_another = response
        .response
        .children_named(ASSERTION, "Issuer")
        .next()
        .is_some()
        && issuer(response.response).as_deref() != Some(theirs);
    if response_has_another || issuer(response.assertion).as_deref() != Some(theirs) {
        return Err(Refusal::Issuer);
    }
    Ok(())
}

fn read_assertion(
    assertion: Element<'_>,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Claims, Refusal> {
    let assertion_id = assertion
        .attribute("ID")
        .filter(|id| !id.is_empty())
        .ok_or(Refusal::Incomplete)?;
    let issued_at = time::parse(
        assertion
            .attribute("IssueInstant")
            .ok_or(Refusal::Incomplete)?,
    )?;
    let subject = subject::confirmed(assertion, expected, now)?;
    let end = conditions::check(assertion, expected.service_provider, now)?;
    let session_not_on_or_after = conditions::session_end(assertion, now)?;
    let authenticated_at = conditions::authenticated_at(assertion)?;
    let name_id = subject.name_id.text().filter(|name| !name.is_empty());
    Ok(Claims {
        assertion_id: assertion_id.to_owned(),
        usable_until: time::certainly_after(end.min(subject.end))?,
        issued_at,
        authenticated_at,
        name_id: name_id.ok_or(Refusal::Incomplete)?,
        email: claims::email(assertion, subject.name_id)?,
        session_not_on_or_after,
    })
}

impl From<Unreadable> for Refusal {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Malformed => Self::NotXml,
            Unreadable::Doctype => Self::Doctype,
        }
    }
}
