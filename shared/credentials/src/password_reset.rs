//! A password reset: the link that lets somebody who forgot their password choose a new one.

use domain::EmailAddress;
use domain::time::later;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::token_hash::TokenHash;

/// The time for which a link works.
const LIFE: SignedDuration = SignedDuration::from_mins(60);
/// The time within which a second request is taken for the first one.
const TWICE: SignedDuration = SignedDuration::from_mins(1);
/// The number of links that an account is sent within [`LIFE`]. The last of them still works when a
/// further one is refused, so a stranger who asks again and again keeps nobody out.
const MOST: usize = 3;

/// The resets that were asked for one account, as stored. Only the last one counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordReset {
    /// The random id of the last request.
    request: String,
    /// The times of the requests within the last hour, oldest first.
    asked_at: Vec<Timestamp>,
    /// The hash of the address that the link goes to.
    email_hash: String,
    /// The user's session epoch at the request; it grows when the user's way in changes.
    epoch: u64,
    /// The hash of the link's secret; `None` until the mail is made.
    token_hash: Option<String>,
    /// When the mail was made; `None` until then, and in those of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mailed_at: Option<Timestamp>,
}

impl PasswordReset {
    /// Takes a request at `now`, which voids the link before. A request beyond three an hour changes
    /// nothing, and returns `false`.
    pub fn ask(&mut self, request: &str, email: &str, epoch: u64, now: Timestamp) -> bool {
        self.asked_at.retain(|asked| now < later(*asked, LIFE));
        if self.asked_at.len() >= MOST {
            return false;
        }
        self.asked_at.push(now);
        request.clone_into(&mut self.request);
        self.email_hash = hash_of(email);
        self.epoch = epoch;
        self.token_hash = None;
        self.mailed_at = None;
        true
    }

    /// Returns the id of the last request if it was made within the minute before `now` and its link is open: who asks
    /// twice asks for nothing new.
    pub fn request_just_before(
        &self,
        email: &EmailAddress,
        epoch: u64,
        now: Timestamp,
    ) -> Option<&str> {
        let just_before = |asked: &&Timestamp| **asked <= now && now < later(**asked, TWICE);
        self.asked_at.last().filter(just_before)?;
        self.is_open(email, epoch, now).then_some(&self.request)
    }

    /// Returns the time at which the link expires: 60 minutes after its mail was made, or as long as that is not, after
    /// it was asked for; [`Timestamp::MIN`] when none was.
    pub fn expires_at(&self) -> Timestamp {
        let last = self.asked_at.last().copied().max(self.mailed_at);
        last.map_or(Timestamp::MIN, |last| later(last, LIFE))
    }

    /// Returns whether the link of this `request` may be mailed at `now`, to a user with this address
    /// and session epoch: within an hour, however often its mail was made.
    pub fn is_due(&self, request: &str, email: &EmailAddress, epoch: u64, now: Timestamp) -> bool {
        let asked = self.asked_at.last();
        let is_early = asked.is_some_and(|asked| now < later(*asked, LIFE));
        is_early && self.request == request && self.is_open(email, epoch, now)
    }

    /// Sets the secret of the link, which is mailed at `now`: its 60 minutes count from then.
    pub fn set_secret(&mut self, secret: &SecretString, now: Timestamp) {
        self.mailed_at = Some(now);
        self.token_hash = Some(TokenHash::of(secret).as_str().to_owned());
    }

    /// Returns whether a link with this secret works at `now`, for a user with this address and session
    /// epoch.
    pub fn opens(
        &self,
        secret: &SecretString,
        email: &EmailAddress,
        epoch: u64,
        now: Timestamp,
    ) -> bool {
        // These are hashes of 256 random bits: the time of the comparison reveals nothing.
        self.token_hash.as_deref() == Some(TokenHash::of(secret).as_str())
            && self.is_open(email, epoch, now)
    }

    fn is_open(&self, email: &EmailAddress, epoch: u64, now: Timestamp) -> bool {
        now < self.expires_at() && self.epoch == epoch && self.email_hash == hash_of(email.as_str())
    }
}

/// Returns the hash of an address, however it was typed.
fn hash_of(email: &str) -> String {
    let email = EmailAddress::parse(email).map_or_else(|| email.to_owned(), |email| email.key());
    TokenHash::of(&email.into()).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANAKO: &str = "hanako@example.com";

    fn minute(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn opens(reset: &PasswordReset, email: &str, epoch: u64, now: Timestamp) -> bool {
        let email = EmailAddress::parse(email).unwrap();
        reset.opens(&"secret".into(), &email, epoch, now)
    }

    #[test]
    fn a_link_works_for_an_hour_at_its_address_until_the_way_in_changes() {
        let mut reset = PasswordReset::default();
        assert!(reset.ask("r", "Hanako@Example.com ", 7, minute(0)));
        assert!(!opens(&reset, HANAKO, 7, minute(1)), "it was not mailed");
        reset.set_secret(&"secret".into(), minute(0));
        assert!(opens(&reset, HANAKO, 7, minute(59)));
        assert!(!opens(&reset, HANAKO, 7, minute(60)));
        assert!(!opens(&reset, HANAKO, 8, minute(1)));
        assert!(!opens(&reset, "hanako@example.jp", 7, minute(1)));
        let hanako = EmailAddress::parse(HANAKO).unwrap();
        assert!(!reset.opens(&"other".into(), &hanako, 7, minute(1)));
    }

    #[test]
    fn the_hour_of_a_link_counts_from_its_mail_and_a_mail_that_is_an_hour_late_is_not_sent() {
        let mut reset = PasswordReset::default();
        assert!(reset.ask("r", HANAKO, 7, minute(0)));
        let email = EmailAddress::parse(HANAKO).unwrap();
        assert!(reset.is_due("r", &email, 7, minute(45)));
        assert!(!reset.is_due("r", &email, 7, minute(60)));
        reset.set_secret(&"secret".into(), minute(45));
        assert_eq!(reset.expires_at(), minute(105));
        assert!(opens(&reset, HANAKO, 7, minute(104)));
        assert!(!opens(&reset, HANAKO, 7, minute(105)));
        // SES refused the mail, which is made again.
        assert!(reset.is_due("r", &email, 7, minute(59)));
        assert!(!reset.is_due("r", &email, 7, minute(60)));
    }

    #[test]
    fn a_link_is_for_the_address_in_whatever_letters_it_was_typed() {
        let mut reset = PasswordReset::default();
        assert!(reset.ask("1", "Taro@日本語.jp\u{200B}", 0, minute(0)));
        let email = EmailAddress::parse("taro@xn--wgv71a119e.jp").unwrap();
        assert!(reset.is_due("1", &email, 0, minute(1)));
    }

    #[test]
    fn the_next_link_voids_the_one_before_and_the_fourth_within_an_hour_changes_nothing() {
        let mut reset = PasswordReset::default();
        for (minutes, request) in [(0, "a"), (10, "b"), (20, "c")] {
            reset.set_secret(&"secret".into(), minute(0));
            assert!(reset.ask(request, HANAKO, 7, minute(minutes)));
            assert!(!opens(&reset, HANAKO, 7, minute(minutes)));
        }
        reset.set_secret(&"secret".into(), minute(20));
        assert!(!reset.ask("d", HANAKO, 7, minute(59)));
        assert!(opens(&reset, HANAKO, 7, minute(59)));
        assert!(reset.ask("e", HANAKO, 7, minute(60)));
    }
}
