//! SAML's times, and how far two clocks may differ.

use jiff::{SignedDuration, Timestamp};

use crate::Refusal;

/// How far the provider's clock may differ from ours.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(120);

/// Reads a time as messages have it.
pub(crate) fn parse(text: &str) -> Result<Timestamp, Refusal> {
    text.parse().map_err(|_| Refusal::Incomplete)
}

/// Refuses what is not valid yet.
pub(crate) fn check_not_before(not_before: Option<&str>, now: Timestamp) -> Result<(), Refusal> {
    match not_before.map(parse).transpose()? {
        Some(begin) if begin.duration_since(now) > TOLERANCE => Err(Refusal::NotYetValid),
        _ => Ok(()),
    }
}

/// Refuses what ended, and returns when it ends otherwise.
pub(crate) fn check_not_on_or_after(end: &str, now: Timestamp) -> Result<Timestamp, Refusal> {
    let end = parse(end)?;
    if now.duration_since(end) >= TOLERANCE {
        return Err(Refusal::Expired);
    }
    Ok(end)
}

/// Returns when something that ends at `end` is certain to be refused, whatever the clocks say.
pub(crate) fn certainly_after(end: Timestamp) -> Result<Timestamp, Refusal> {
    end.checked_add(TOLERANCE).map_err(|_| Refusal::Incomplete)
}
