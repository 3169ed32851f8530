//! The hash of a token, which is stored in place of the token.

use hmac::digest::CtOutput;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// The SHA-256 of a random token in lower-case hex, for sessions and invitations. Nobody can sign in
/// with the hash. A fast hash is enough: a token of 256 random bits cannot be found by trying.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(String);

impl TokenHash {
    /// Returns the hash of a token.
    pub fn of(token: &SecretString) -> Self {
        Self(hex(&Sha256::digest(token.expose_secret())))
    }

    /// Returns whether this is the hash of `token`, in constant time.
    pub fn matches(&self, token: &SecretString) -> bool {
        Self::of(token).is(&self.0)
    }

    /// Returns whether this hash was stored as `stored`, in constant time.
    pub fn is(&self, stored: &str) -> bool {
        constant_time_eq(&self.0, stored)
    }

    /// Returns the 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Compares two texts in constant time, so that an attacker cannot learn from the response time how
/// much of a guess is right. Compares their SHA-256 hashes, which have the same length whatever the
/// texts are.
pub(crate) fn constant_time_eq(one: &str, other: &str) -> bool {
    CtOutput::<Sha256>::new(Sha256::digest(one)) == CtOutput::new(Sha256::digest(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_token_and_no_other() {
        let hash = TokenHash::of(&"abc".into());
        // FIPS 180-2, appendix B.1
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash.as_str(), expected);
        assert!(hash.matches(&"abc".into()));
        assert!(hash.is(expected) && !hash.is(""));
        assert!(!hash.matches(&"abd".into()));
    }
}
