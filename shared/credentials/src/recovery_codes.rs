//! Recovery codes: what somebody signs in with who has lost their second factor. Each works once.

use std::collections::BTreeSet;

use secrecy::SecretString;

use crate::initial_password::{normalized, spell};
use crate::random::Random;
use crate::token_hash::TokenHash;

/// How many codes there are at a time.
const COUNT: usize = 10;
/// The characters of a code, of five bits each. From 112 bits on a fast hash is enough.
const CHARACTERS: usize = 24;

/// New recovery codes. Their `Debug` output does not show them.
#[derive(Debug)]
pub struct RecoveryCodes(Vec<SecretString>);

impl RecoveryCodes {
    /// Generates ten codes of 120 bits, spelt like initial passwords.
    pub fn generate(random: &Random) -> Self {
        let codes = (0..COUNT).map(|_| spell::<CHARACTERS>(random.bytes()));
        Self(codes.collect())
    }

    /// Returns the codes, to be shown once.
    pub fn codes(&self) -> &[SecretString] {
        &self.0
    }

    /// Returns the hashes of the codes, to be stored.
    pub fn hashes(&self) -> BTreeSet<String> {
        self.0.iter().map(recovery_code_hash).collect()
    }
}

/// Returns the hash of a recovery code as it was typed. Case, width, hyphens and spaces do not matter.
pub fn recovery_code_hash(typed: &SecretString) -> String {
    TokenHash::of(&normalized(typed)).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn ten_codes_differ_and_are_recognised_however_they_are_typed() {
        let new = RecoveryCodes::generate(&Random::seeded(1));
        let hashes = new.hashes();
        assert_eq!((new.codes().len(), hashes.len()), (10, 10));
        let code = new.codes()[0].expose_secret();
        assert_eq!(code.len(), 29, "{code}");
        let sloppy = format!(" {} ", code.to_uppercase().replace('-', " "));
        assert!(hashes.contains(&recovery_code_hash(&sloppy.into())));
        assert!(!hashes.contains(&recovery_code_hash(&code[1..].into())));
        assert!(!format!("{new:?}").contains(code));
    }
}
