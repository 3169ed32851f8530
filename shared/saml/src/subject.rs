//! Whom an assertion is about, and who may bring it.

use jiff::Timestamp;

use crate::namespaces::{ASSERTION, BEARER};
use crate::response::Expected;
use crate::xml::Element;
use crate::{Refusal, time};

/// The subject of an assertion that was confirmed.
pub(crate) struct Subject<'d> {
    pub(crate) name_id: Element<'d>,
    /// When the confirmation ends.
    pub(crate) end: Timestamp,
}

/// Returns the subject of `assertion`, if one of its confirmations holds. Else the last one says why.
pub(crate) fn confirmed<'d>(
    assertion: Element<'d>,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Subject<'d>, Refusal> {
    let subject = assertion
        .only_child(ASSERTION, "Subject")
        .ok_or(Refusal::Incomplete)?;
    let name_id = subject
        .only_child(ASSERTION, "NameID")
        .ok_or(Refusal::Incomplete)?;
    let mut confirmed = Err(Refusal::NotBearer);
    for confirmation in subject.children_named(ASSERTION, "SubjectConfirmation") {
        if confirmation.attribute("Method") == Some(BEARER) {
            confirmed = check(confirmation, expected, now);
        }
        if confirmed.is_ok() {
            break;
        }
    }
    confirmed.map(|end| Subject { name_id, end })
}

fn check(
    confirmation: Element<'_>,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    let data = confirmation
        .only_child(ASSERTION, "SubjectConfirmationData")
        .ok_or(Refusal::Incomplete)?;
    if data.attribute("Recipient") != Some(expected.service_provider.acs_url.as_str()) {
        return Err(Refusal::Recipient);
    }
    if data.attribute("InResponseTo") != Some(expected.request_id) {
        return Err(Refusal::OtherRequest);
    }
    time::check_not_before(data.attribute("NotBefore"), now)?;
    time::check_not_on_or_after(
        data.attribute("NotOnOrAfter").ok_or(Refusal::Incomplete)?,
        now,
    )
}
