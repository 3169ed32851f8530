//! A signed-in browser: its tokens, and how long it stays signed in.

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use crate::random::Random;
use crate::token_hash::{TokenHash, same_text};

/// A session ends this long after signing in, used or not.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// A session ends this long after it was last used.
pub const LONGEST_IDLE: SignedDuration = SignedDuration::from_hours(2);

/// The secrets of a new session. Its `Debug` prints none.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// For the cookie; stored as [`NewSession::key`] only.
    pub token: SecretString,
    /// What a writing request must say in `X-CSRF-Token`.
    pub csrf_token: SecretString,
}

impl NewSession {
    /// Draws both tokens. Always a new session at sign-in, so that nobody can foist one upon a
    /// person beforehand (session fixation).
    pub fn generate(random: &Random) -> Self {
        Self {
            token: random.token(),
            csrf_token: random.token(),
        }
    }

    /// The key that the session is stored under.
    pub fn key(&self) -> TokenHash {
        TokenHash::of(&self.token)
    }
}

/// When a session began and was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// When the person signed in.
    pub signed_in_at: Timestamp,
    /// The last request that came with it.
    pub last_used_at: Timestamp,
}

impl SessionTimes {
    /// Of a session that begins now.
    pub fn starting(now: Timestamp) -> Self {
        Self {
            signed_in_at: now,
            last_used_at: now,
        }
    }

    /// The moment at which the session ends if it is not used again.
    pub fn ends_at(&self) -> Timestamp {
        later(self.signed_in_at, LONGEST).min(later(self.last_used_at, LONGEST_IDLE))
    }

    /// Whether the session still counts.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.ends_at()
    }
}

/// Whether a request's `X-CSRF-Token` is the session's, compared in constant time.
pub fn csrf_token_matches(expected: &SecretString, given: &str) -> bool {
    same_text(expected.expose_secret(), given)
}

/// `instant` + `duration`, and the end of time where there is none.
pub(crate) fn later(instant: Timestamp, duration: SignedDuration) -> Timestamp {
    instant.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("timestamp")
    }

    #[test]
    fn a_session_left_alone_ends_after_two_hours() {
        let session = SessionTimes::starting(at("2026-11-24T00:00:00Z"));
        assert!(session.is_alive(at("2026-11-24T01:59:59Z")));
        assert!(!session.is_alive(at("2026-11-24T02:00:00Z")));
    }

    #[test]
    fn a_session_in_use_ends_after_twelve_hours() {
        let session = SessionTimes {
            signed_in_at: at("2026-11-24T00:00:00Z"),
            last_used_at: at("2026-11-24T11:30:00Z"),
        };
        assert!(session.is_alive(at("2026-11-24T11:59:59Z")));
        assert!(!session.is_alive(at("2026-11-24T12:00:00Z")));
    }

    #[test]
    fn two_sessions_share_nothing() {
        let random = Random::seeded(1);
        let (one, other) = (NewSession::generate(&random), NewSession::generate(&random));
        assert_ne!(one.key(), other.key());
        assert_ne!(one.token.expose_secret(), one.csrf_token.expose_secret());
        assert!(csrf_token_matches(
            &one.csrf_token,
            one.csrf_token.expose_secret()
        ));
        assert!(!csrf_token_matches(
            &one.csrf_token,
            other.csrf_token.expose_secret()
        ));
        assert!(!csrf_token_matches(&one.csrf_token, ""));
    }

    #[test]
    fn debug_output_shows_no_token() {
        let session = NewSession::generate(&Random::seeded(1));
        let printed = format!("{session:?}");
        assert!(!printed.contains(session.token.expose_secret()));
        assert!(!printed.contains(session.csrf_token.expose_secret()));
    }
}
