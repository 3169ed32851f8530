//! The SAML identity provider of a workspace, as read from its metadata.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What of an identity provider's metadata is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlProvider {
    /// The name by which the provider issues assertions.
    pub entity_id: String,
    /// Where browsers are sent to sign in.
    pub sign_in_url: String,
    /// The one or two certificates that the provider signs with.
    pub certificates: Vec<SamlCertificate>,
}

/// A certificate of an identity provider, pinned: its key is believed, and nothing else of it. The date is there to
/// warn people before the provider changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlCertificate {
    /// The certificate in DER, in base64.
    pub der: String,
    /// When the certificate ends.
    pub not_after: Timestamp,
}

/// How many days before the last certificate ends the システム管理者 are mailed.
const CERTIFICATE_WARNINGS: [u8; 3] = [1, 7, 30];

impl SamlProvider {
    /// Returns when the last certificate ends; `None` without certificates.
    pub fn certificates_end_at(&self) -> Option<Timestamp> {
        self.certificates.iter().map(|one| one.not_after).max()
    }
}

/// Returns which of the warnings 30, 7 and 1 days before the end is due at `now`, in days: the shortest that has begun,
/// so that a missed day is made up for. `None` if the certificate ends later than all of them, or has ended.
pub fn certificate_warning(ends_at: Timestamp, now: Timestamp) -> Option<u8> {
    if ends_at <= now {
        return None;
    }
    let left = ends_at.duration_since(now);
    let has_begun = |days: &u8| left <= SignedDuration::from_hours(24 * i64::from(*days));
    CERTIFICATE_WARNINGS.into_iter().find(has_begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_warning_is_due_from_its_day_on_until_the_next_one_and_none_after_the_end() {
        let ends_at: Timestamp = "2027-01-31T12:00:00Z".parse().unwrap();
        let due = |hours_before: i64| {
            let now = ends_at - SignedDuration::from_hours(hours_before);
            certificate_warning(ends_at, now)
        };
        let days = |days: i64| due(24 * days);
        assert_eq!(
            [due(24 * 30 + 1), days(30), days(8)],
            [None, Some(30), Some(30)]
        );
        assert_eq!(
            [days(7), days(2), days(1), due(1)],
            [Some(7), Some(7), Some(1), Some(1)]
        );
        assert_eq!([due(0), due(-24)], [None, None]);
    }
}
