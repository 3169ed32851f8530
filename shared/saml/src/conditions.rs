//! For whom an assertion was made, and for when.

use jiff::Timestamp;

use crate::namespaces::ASSERTION;
use crate::xml::Element;
use crate::{Refusal, ServiceProvider, time};

/// Checks the conditions of `assertion`, and returns when they end.
pub(crate) fn check(
    assertion: Element<'_>,
    us: &ServiceProvider,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    let conditions = assertion
        .only_child(ASSERTION, "Conditions")
        .ok_or(Refusal::Incomplete)?;
    let end = conditions
        .attribute("NotOnOrAfter")
        .ok_or(Refusal::Incomplete)?;
    time::check_not_before(conditions.attribute("NotBefore"), now)?;
    let end = time::check_not_on_or_after(end, now)?;
    let mut restricted = false;
    for condition in conditions.children() {
        if condition.is(ASSERTION, "AudienceRestriction") {
            let names_us = condition
                .children_named(ASSERTION, "Audience")
                .any(|audience| audience.text().as_deref() == Some(us.entity_id.as_str()));
            if !names_us {
                return Err(Refusal::Audience);
            }
            restricted = true;
        } else if !condition.is(ASSERTION, "OneTimeUse")
            && !condition.is(ASSERTION, "ProxyRestriction")
        {
            // "If any condition is not understood, the assertion is not valid" (SAML Core 2.5.1.1).
            return Err(Refusal::UnknownCondition);
        }
    }
    restricted.then_some(end).ok_or(Refusal::Audience)
}

/// Checks that `assertion` says that somebody signed in, and returns when the session has to end.
pub(crate) fn session_end(
    assertion: Element<'_>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    let mut ends = Vec::new();
    let mut statements = 0;
    for statement in assertion.children_named(ASSERTION, "AuthnStatement") {
        statements += 1;
        if let Some(end) = statement.attribute("SessionNotOnOrAfter") {
            ends.push(time::check_not_on_or_after(end, now)?);
        }
    }
    if statements == 0 {
        return Err(Refusal::Incomplete);
    }
    Ok(ends.into_iter().min())
}

/// Returns when the person signed in at the provider: of several times the earliest.
pub(crate) fn authenticated_at(assertion: Element<'_>) -> Result<Option<Timestamp>, Refusal> {
    let statements = assertion.children_named(ASSERTION, "AuthnStatement");
    let times = statements.filter_map(|statement| statement.attribute("AuthnInstant"));
    let times: Vec<Timestamp> = times.map(time::parse).collect::<Result<_, _>>()?;
    Ok(times.into_iter().min())
}
