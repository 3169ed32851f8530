//! An address that an admin wants for their own account, and the link that proves it.

use domain::EmailAddress;
use domain::time::later;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::token_hash::TokenHash;

/// The time for which a link works.
const LIFE: SignedDuration = SignedDuration::from_hours(24);
/// The number of links that an admin is sent within [`LIFE`].
const MOST: usize = 5;

/// The last address that an admin asked for, as stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AddressChange {
    /// The random id of the last request.
    request: String,
    /// The times of the requests within the last day, oldest first.
    asked_at: Vec<Timestamp>,
    /// The address that was asked for last; `None` if there is none.
    email: Option<EmailAddress>,
    /// The admin's address at the request, by which addresses are unique: the link is dead once it changed.
    old_key: Option<String>,
    /// The hash of the link's secret; `None` until the mail is made.
    token_hash: Option<String>,
    /// When the mail was made; `None` until then, and in those of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mailed_at: Option<Timestamp>,
}

impl AddressChange {
    /// Takes a request at `now`, which voids the link before. A request beyond five a day changes nothing,
    /// and returns `false`.
    pub fn ask(
        &mut self,
        request: &str,
        email: &EmailAddress,
        old: Option<&EmailAddress>,
        now: Timestamp,
    ) -> bool {
        self.asked_at.retain(|asked| now < later(*asked, LIFE));
        if self.asked_at.len() >= MOST {
            return false;
        }
        self.asked_at.push(now);
        *self = Self {
            request: request.to_owned(),
            asked_at: std::mem::take(&mut self.asked_at),
            email: Some(email.clone()),
            old_key: old.map(EmailAddress::key),
            token_hash: None,
            mailed_at: None,
        };
        true
    }

    /// Returns the time at which the link expires: 24 hours after its mail was made, or as long as that is not, after
    /// it was asked for; [`Timestamp::MIN`] when none was.
    pub fn expires_at(&self) -> Timestamp {
        let last = self.asked_at.last().copied().max(self.mailed_at);
        last.map_or(Timestamp::MIN, |last| later(last, LIFE))
    }

    /// Returns the address that the link of this `request` may be mailed to at `now`: within a day, however often its
    /// mail was made.
    pub fn due(&self, request: &str, now: Timestamp) -> Option<EmailAddress> {
        let asked = self.asked_at.last();
        let is_early = asked.is_some_and(|asked| now < later(*asked, LIFE));
        let is_due = is_early && self.request == request;
        self.email.clone().filter(|_| is_due)
    }

    /// Sets the secret of the link, which is mailed at `now`: its 24 hours count from then.
    pub fn set_secret(&mut self, secret: &SecretString, now: Timestamp) {
        self.mailed_at = Some(now);
        self.token_hash = Some(TokenHash::of(secret).as_str().to_owned());
    }

    /// Returns the address that a link with this secret proves at `now`, for an admin whose present address
    /// is `old`.
    pub fn proven_by(
        &self,
        secret: &SecretString,
        old: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Option<EmailAddress> {
        // These are hashes of 256 random bits: the time of the comparison reveals nothing.
        let is_right = self.token_hash.as_deref() == Some(TokenHash::of(secret).as_str());
        let is_open = now < self.expires_at() && self.old_key == old.map(EmailAddress::key);
        self.email.clone().filter(|_| is_right && is_open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_for_a_day_until_the_next_one_or_another_address() {
        let [old, new] =
            ["old@example.jp", "new@example.jp"].map(|it| EmailAddress::parse(it).unwrap());
        let hour = |hours| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let mut change = AddressChange::default();
        let proven = |change: &AddressChange, secret: &str, old: &EmailAddress, now| {
            change.proven_by(&secret.into(), Some(old), now)
        };
        for asked in 0..5 {
            assert!(change.ask("r", &new, Some(&old), hour(asked)));
            assert_eq!(proven(&change, "secret", &old, hour(asked)), None);
            change.set_secret(&"secret".into(), hour(asked));
        }
        assert!(!change.ask("r", &new, Some(&old), hour(5)));
        assert_eq!(proven(&change, "secret", &old, hour(27)), Some(new.clone()));
        assert_eq!(proven(&change, "secret", &old, hour(28)), None);
        assert_eq!(proven(&change, "other", &old, hour(5)), None);
        assert_eq!(proven(&change, "secret", &new, hour(5)), None);
    }

    #[test]
    fn the_day_of_a_link_counts_from_its_mail_and_a_mail_that_is_a_day_late_is_not_sent() {
        let new = EmailAddress::parse("new@example.jp").unwrap();
        let hour = |hours| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let mut change = AddressChange::default();
        assert!(change.ask("r", &new, None, hour(0)));
        assert_eq!(change.due("r", hour(24)), None);
        assert_eq!(change.due("r", hour(23)), Some(new.clone()));
        change.set_secret(&"secret".into(), hour(23));
        let proven = |now| change.proven_by(&"secret".into(), None, now);
        assert_eq!(proven(hour(46)), Some(new));
        assert_eq!(proven(hour(47)), None);
        assert_eq!(change.due("r", hour(24)), None);
    }
}
