//! A session of a signed-in browser: its tokens and its lifetime.

use domain::time::later;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use crate::random::Random;
use crate::token_hash::{TokenHash, constant_time_eq};

/// The maximum age of a session, whether used or not.
pub const MAX_AGE: SignedDuration = SignedDuration::from_hours(12);
/// The maximum time between two uses of a session.
pub const MAX_IDLE: SignedDuration = SignedDuration::from_hours(2);

/// The secrets of a new session. Its `Debug` output does not show them.
#[derive(Clone, Debug)]
pub struct SessionSecrets {
    /// The token in the cookie. Only its hash is stored, as [`SessionSecrets::key`].
    pub token: SecretString,
    /// The token that a write must carry in `X-CSRF-Token`.
    pub csrf_token: SecretString,
}

impl SessionSecrets {
    /// Generates both tokens. Every sign-in starts a new session, which prevents session fixation.
    pub fn generate(random: &Random) -> Self {
        Self {
            token: random.token(),
            csrf_token: random.token(),
        }
    }

    /// Returns the key that the session is stored under.
    pub fn key(&self) -> TokenHash {
        TokenHash::of(&self.token)
    }
}

/// The times that determine when a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// The time of the sign-in.
    pub signed_in_at: Timestamp,
    /// The time of the last request in the session, precise to a minute.
    pub last_used_at: Timestamp,
    /// When the identity provider ends it at the latest; `None` if it does not say.
    pub ends_by: Option<Timestamp>,
}

impl SessionTimes {
    /// Returns the times of a session that starts now.
    pub fn starting(now: Timestamp) -> Self {
        Self {
            signed_in_at: now,
            last_used_at: now,
            ends_by: None,
        }
    }

    /// Returns the time at which the session ends if it is not used again.
    pub fn ends_at(&self) -> Timestamp {
        let end = later(self.signed_in_at, MAX_AGE).min(later(self.last_used_at, MAX_IDLE));
        self.ends_by.map_or(end, |ends_by| ends_by.min(end))
    }

    /// Returns whether the session has not ended at `now`.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.ends_at()
    }
}

/// Returns whether a request's CSRF token is the session's, in constant time.
pub fn csrf_token_matches(expected: &SecretString, sent: &str) -> bool {
    constant_time_eq(expected.expose_secret(), sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-24T{text}Z").parse().unwrap()
    }

    #[test]
    fn a_session_left_alone_ends_after_two_hours() {
        let session = SessionTimes::starting(at("00:00:00"));
        assert!(session.is_alive(at("01:59:59")));
        assert!(!session.is_alive(at("02:00:00")));
    }

    #[test]
    fn a_session_ends_when_the_identity_provider_says_so_and_no_later_than_others() {
        let session = |ends_by: &str| SessionTimes {
            ends_by: Some(at(ends_by)),
            ..SessionTimes::starting(at("00:00:00"))
        };
        assert!(session("01:00:00").is_alive(at("00:59:59")));
        assert!(!session("01:00:00").is_alive(at("01:00:00")));
        assert!(!session("09:00:00").is_alive(at("02:00:00")));
    }

    #[test]
    fn a_session_in_use_ends_after_twelve_hours() {
        let session = SessionTimes {
            signed_in_at: at("00:00:00"),
            last_used_at: at("11:30:00"),
            ends_by: None,
        };
        assert!(session.is_alive(at("11:59:59")));
        assert!(!session.is_alive(at("12:00:00")));
    }

    #[test]
    fn two_sessions_share_nothing() {
        let random = Random::seeded(1);
        let (one, other) = (
            SessionSecrets::generate(&random),
            SessionSecrets::generate(&random),
        );
        let (ours, theirs) = (&one.csrf_token, other.csrf_token.expose_secret());
        assert_ne!(one.key(), other.key());
        assert_ne!(one.token.expose_secret(), ours.expose_secret());
        assert!(csrf_token_matches(ours, ours.expose_secret()));
        assert!(!csrf_token_matches(ours, theirs));
        assert!(!csrf_token_matches(ours, ""));
    }

    #[test]
    fn debug_output_shows_no_token() {
        let session = SessionSecrets::generate(&Random::seeded(1));
        let printed = format!("{session:?}");
        assert!(!printed.contains(session.token.expose_secret()));
        assert!(!printed.contains(session.csrf_token.expose_secret()));
    }
}
