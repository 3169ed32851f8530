//! What a verified assertion says about a person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::namespaces::{ASSERTION, EMAIL_FORMAT};
use crate::xml::Element;

/// What a verified assertion says: who signed in, and what the caller has to remember.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The id of the assertion. The caller stores it until `usable_until`, and refuses it the second time.
    pub assertion_id: String,
    /// From when the assertion is refused for its time, at the latest.
    pub usable_until: Timestamp,
    /// When the provider made the assertion, by its clock.
    pub issued_at: Timestamp,
    /// When the person signed in at the provider, by its clock; `None` if the provider does not say.
    #[serde(default)]
    pub authenticated_at: Option<Timestamp>,
    /// The provider's name for the person.
    pub name_id: String,
    /// The person's address: of the attribute for it, else the name, if that is an address.
    pub email: String,
    /// When the session has to end that this sign-in begins.
    pub session_not_on_or_after: Option<Timestamp>,
}

/// What providers call the attribute with the address.
const EMAIL_ATTRIBUTES: [&str; 5] = [
    "email",
    "mail",
    "emailAddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
];

/// The formats of a name that may be an address.
const ADDRESS_FORMATS: [&str; 2] = [
    EMAIL_FORMAT,
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
];

/// Returns the address in `assertion`. Two different ones are no answer to the question who this is.
pub(crate) fn email(assertion: Element<'_>, name_id: Element<'_>) -> Result<String, Refusal> {
    let mut addresses = Vec::new();
    for value in assertion
        .children_named(ASSERTION, "AttributeStatement")
        .flat_map(|statement| statement.children_named(ASSERTION, "Attribute"))
        .filter(|attribute| {
            attribute.attribute("Name").is_some_and(|name| {
                EMAIL_ATTRIBUTES
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(name))
            })
        })
        .flat_map(|attribute| attribute.children_named(ASSERTION, "AttributeValue"))
    {
        addresses.push(value.text().ok_or(Refusal::Incomplete)?);
    }
    addresses.sort();
    addresses.dedup();
    match addresses.as_slice() {
        [] => name_as_address(name_id),
        [address] if address.contains('@') => Ok(address.clone()),
        [_] => Err(Refusal::NoAddress),
        _ => Err(Refusal::SeveralAddresses),
    }
}

fn name_as_address(name_id: Element<'_>) -> Result<String, Refusal> {
    let may_be_an_address = name_id
        .attribute("Format")
        .is_none_or(|format| ADDRESS_FORMATS.contains(&format));
    name_id
        .text()
        .filter(|name| may_be_an_address && name.contains('@'))
        .ok_or(Refusal::NoAddress)
}
