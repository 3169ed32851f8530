//! What is stored in place of a token: its hash.

use std::fmt::Write as _;

use hmac::digest::CtOutput;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// The SHA-256 of a random token, in lower-case hex: key of a session, mark of an invitation.
/// Whoever reads the table cannot get in with it. A fast hash is enough, for a token of 256
/// random bits cannot be found by trying.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a token.
    pub fn of(token: &SecretString) -> Self {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(token.expose_secret()) {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Self(hex)
    }

    /// Whether this is the hash of `token`.
    pub fn matches(&self, token: &SecretString) -> bool {
        same_text(&self.0, &Self::of(token).0)
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Compares two texts in a time that tells nothing about where they differ: their hashes are
/// compared, and those in constant time.
pub(crate) fn same_text(one: &str, other: &str) -> bool {
    CtOutput::<Sha256>::new(Sha256::digest(one)) == CtOutput::new(Sha256::digest(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_token_and_no_other() {
        let hash = TokenHash::of(&"abc".into());
        // FIPS 180-2, appendix B.1
        assert_eq!(
            hash.as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(hash.matches(&"abc".into()));
        assert!(!hash.matches(&"abd".into()));
    }
}
