//! The initial password of a user without e-mail: its spelling and its hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::KeyId;
use domain::text::folded;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::random::Random;
use crate::token_hash::constant_time_eq;

/// 32 characters of five bits each, without 0, o, 1 and l, which are easily confused on paper. As all
/// are letters and digits, no initial password starts a formula in a spreadsheet.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// The characters of an initial password.
pub(crate) const CHARACTERS: usize = 20;
const GROUP: usize = 4;

/// Spells five bits for each of `N` characters, in groups of four.
pub(crate) fn spell<const N: usize>(secret: [u8; 32]) -> SecretString {
    let mut password = String::with_capacity(N + N / GROUP);
    for (position, byte) in secret.iter().take(N).enumerate() {
        if position > 0 && position % GROUP == 0 {
            password.push('-');
        }
        // 32 divides 256, so the five low bits of a byte are as even as the byte.
        password.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    password.into()
}

/// The stored form of an initial password: `salt.hash`, with SHA-256 over salt and password. The salt
/// begins with the id of the key that the password is derived from, and a colon; salts made before
/// there were key ids do not. Its `Debug` output does not show it.
///
/// A fast hash is enough here, though not for a password that a person chose: argon2 makes each guess
/// expensive because people choose from few passwords. An initial password is one of 2¹⁰⁰; trying half
/// of them at 10¹² guesses a second takes 20 billion years. A run that registers thousands of users
/// cannot spend argon2's time on each.
#[derive(Clone, Debug)]
pub struct InitialPasswordHash(SecretString);

impl InitialPasswordHash {
    /// Hashes an initial password that is derived from the key `key_id`, with a new salt.
    pub fn of(password: &SecretString, key_id: &KeyId, random: &Random) -> Self {
        let salt = format!("{key_id}:{}", URL_SAFE_NO_PAD.encode(random.bytes::<16>()));
        let hash = salted(&salt, password);
        Self(format!("{salt}.{hash}").into())
    }

    /// Returns whether `typed` is the password. Case, hyphens and spaces do not matter.
    pub fn matches(&self, typed: &SecretString) -> bool {
        let Some((salt, hash)) = self.0.expose_secret().split_once('.') else {
            return false;
        };
        constant_time_eq(&salted(salt, typed), hash)
    }

    /// Returns the id of the key that the password is derived from; `None` for a hash that was stored
    /// before there were key ids.
    pub fn key_id(&self) -> Option<KeyId> {
        let (id, _) = self.0.expose_secret().split_once(':')?;
        Some(KeyId::new(id))
    }

    /// Returns `salt.hash`, to be stored.
    pub fn expose_to_store(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for InitialPasswordHash {
    fn from(stored: String) -> Self {
        Self(stored.into())
    }
}

fn salted(salt: &str, password: &SecretString) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(".");
    hash.update(normalized(password).expose_secret());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Removes what typing from paper may change: full width, upper case, hyphens and spaces.
pub(crate) fn normalized(typed: &SecretString) -> SecretString {
    let letters_and_digits: String = folded(typed.expose_secret())
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    letters_and_digits.into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const PASSWORD: &str = "k7qm-2xpa-9trc-w4hd-5nbe";

    fn hash_of_password(random: &Random) -> InitialPasswordHash {
        InitialPasswordHash::of(&PASSWORD.into(), &KeyId::new("key"), random)
    }

    #[test]
    fn the_alphabet_has_32_different_characters_and_none_that_look_alike() {
        let different: BTreeSet<u8> = ALPHABET.iter().copied().collect();
        assert_eq!(different.len(), 32);
        for confusing in b"0Oo1lI" {
            assert!(!different.contains(confusing));
        }
    }

    proptest! {
        #[test]
        fn a_spelt_password_has_five_groups_and_starts_with_a_letter_or_digit(
            secret in any::<[u8; 32]>()
        ) {
            let password = spell::<CHARACTERS>(secret);
            let groups: Vec<&str> = password.expose_secret().split('-').collect();
            prop_assert_eq!(groups.len(), 5);
            for group in groups {
                prop_assert_eq!(group.len(), 4);
                prop_assert!(group.bytes().all(|byte| ALPHABET.contains(&byte)));
            }
        }
    }

    #[test]
    fn the_password_is_recognised_however_it_is_typed() {
        let hash = hash_of_password(&Random::seeded(1));
        for typed in [
            PASSWORD,
            "K7QM2XPA9TRCW4HD5NBE",
            " k7qm 2xpa 9trc w4hd 5nbe\n",
            "ｋ７ｑｍー２ＸＰＡ－9trc\u{200B}w4hd\u{3000}5nbe",
        ] {
            assert!(hash.matches(&typed.into()), "{typed}");
        }
        assert!(!hash.matches(&"k7qm-2xpa-9trc-w4hd-5nbf".into()));
        assert!(!hash.matches(&"".into()));
    }

    #[test]
    fn a_damaged_record_lets_nobody_in() {
        let damaged = InitialPasswordHash::from("no dot".to_owned());
        assert!(!damaged.matches(&"".into()));
        assert!(!damaged.matches(&"no dot".into()));
    }

    #[test]
    fn a_hash_from_before_there_were_key_ids_lets_its_owner_in() {
        let hash =
            InitialPasswordHash::from(format!("c2FsdA.{}", salted("c2FsdA", &PASSWORD.into())));
        assert!(hash.matches(&PASSWORD.into()));
        assert_eq!(hash.key_id(), None);
    }

    #[test]
    fn the_same_password_is_stored_differently_for_two_people() {
        let random = Random::seeded(1);
        let (one, other) = (hash_of_password(&random), hash_of_password(&random));
        assert_ne!(one.expose_to_store(), other.expose_to_store());
    }

    #[test]
    fn a_stored_hash_still_matches_and_prints_nothing() {
        let hash = hash_of_password(&Random::seeded(1));
        let read = InitialPasswordHash::from(hash.expose_to_store().to_owned());
        assert!(read.matches(&PASSWORD.into()));
        assert_eq!(read.key_id(), Some(KeyId::new("key")));
        assert!(!format!("{hash:?}").contains(hash.expose_to_store()));
    }
}
