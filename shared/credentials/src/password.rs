//! The argon2id hashes of the passwords that people choose.
//!
//! They are hashed as [`prepared`] says, so that it does not matter which keyboard types a letter with a
//! mark. Hashes from before that are of what was typed. A password that differs from its prepared form is
//! compared in both forms at every account, and also where there is none: the time depends on nothing but
//! what was typed.

use argon2::password_hash::phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::prepared_password::{forms, prepared};
use crate::random::Random;

/// The parameters of OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
const PARAMS: Params = match Params::new(19_456, 2, 1, None) {
    Ok(params) => params,
    Err(_) => panic!("argon2 takes these parameters"),
};

/// The reason why a password could not be hashed or compared. A wrong password is not an error.
#[derive(Debug, Error)]
pub enum HashingError {
    /// The stored hash is not a PHC string.
    #[error("the stored password hash cannot be read")]
    Malformed,
    /// argon2 returned this error.
    #[error("hashing the password failed: {0}")]
    Argon2(argon2::password_hash::Error),
    /// The runtime stopped the blocking task.
    #[error("hashing the password was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// A password's argon2id hash as a PHC string, which includes its salt and parameters. Its `Debug`
/// output does not show it.
#[derive(Clone, Debug)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// Hashes a password with a new salt of 128 bits. Takes about 20 ms of CPU on a blocking thread.
    ///
    /// # Errors
    /// When argon2 fails or the runtime stops.
    pub async fn create(password: SecretString, random: &Random) -> Result<Self, HashingError> {
        let salt = random.bytes::<16>();
        tokio::task::spawn_blocking(move || {
            let password = prepared(&password);
            let hash: phc::PasswordHash = argon2()
                .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
                .map_err(HashingError::Argon2)?;
            Ok(Self(hash.to_string().into()))
        })
        .await?
    }

    /// Returns whether `password` is the one that was hashed.
    ///
    /// # Errors
    /// When the stored hash is damaged, argon2 fails or the runtime stops.
    pub async fn verify(&self, password: SecretString) -> Result<bool, HashingError> {
        let stored = self.0.clone();
        tokio::task::spawn_blocking(move || {
            let hash = phc::PasswordHash::new(stored.expose_secret())
                .map_err(|_| HashingError::Malformed)?;
            let mut is_right = false;
            for form in forms(&password) {
                match argon2().verify_password(form.expose_secret().as_bytes(), &hash) {
                    Ok(()) => is_right = true,
                    Err(argon2::password_hash::Error::PasswordInvalid) => {}
                    Err(error) => return Err(HashingError::Argon2(error)),
                }
            }
            Ok(is_right)
        })
        .await?
    }

    /// Returns the PHC string, to be stored.
    pub fn expose_to_store(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for PasswordHash {
    fn from(stored: String) -> Self {
        Self(stored.into())
    }
}

/// Takes as long as [`PasswordHash::verify`] and discards the result. Call it where there is no password
/// to compare with (no such account, an SSO user, a user with an initial password), so that the
/// response time does not reveal whether the account exists.
///
/// # Errors
/// When argon2 fails or the runtime stops.
pub async fn verify_dummy(password: SecretString) -> Result<(), HashingError> {
    tokio::task::spawn_blocking(move || {
        let mut discarded = [0; Params::DEFAULT_OUTPUT_LEN];
        for form in forms(&password) {
            argon2()
                .hash_password_into(
                    form.expose_secret().as_bytes(),
                    b"nobody's account",
                    &mut discarded,
                )
                .map_err(|error| HashingError::Argon2(error.into()))?;
        }
        Ok(())
    })
    .await?
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn hash_of(password: &str, random: &Random) -> PasswordHash {
        let hash = PasswordHash::create(password.into(), random).await;
        hash.unwrap()
    }

    async fn lets_in(hash: &PasswordHash, password: &str) -> bool {
        hash.verify(password.into()).await.unwrap()
    }

    #[tokio::test]
    async fn the_right_password_is_let_in_and_a_wrong_one_is_not() {
        let hash = hash_of("就業規則 第12条", &Random::seeded(1)).await;
        assert!(lets_in(&hash, "就業規則 第12条").await);
        assert!(!lets_in(&hash, "就業規則 第13条").await);
    }

    #[tokio::test]
    async fn a_letter_with_a_mark_is_the_same_however_the_keyboard_writes_it() {
        let (composed, decomposed) = ("ガイド\u{3000}第12条", "カ\u{3099}イト\u{3099} 第12条");
        let hash = hash_of(decomposed, &Random::seeded(1)).await;
        assert!(lets_in(&hash, composed).await && lets_in(&hash, decomposed).await);
        assert!(!lets_in(&hash, "カイト 第12条").await);
        assert!(!lets_in(&hash, "ｶﾞｲﾄﾞ 第12条").await, "it is not folded");
    }

    #[tokio::test]
    async fn a_hash_from_before_still_lets_in_what_was_typed_then() {
        let decomposed = "カ\u{3099}イト\u{3099}";
        let hash: phc::PasswordHash = argon2()
            .hash_password_with_salt(decomposed.as_bytes(), b"sixteen bytes of")
            .unwrap();
        let stored = PasswordHash::from(hash.to_string());
        assert!(lets_in(&stored, decomposed).await);
    }

    #[tokio::test]
    async fn the_hash_is_argon2id_with_owasps_parameters_and_a_salt_of_its_own() {
        let random = Random::seeded(1);
        let one = hash_of("a", &random).await;
        let other = hash_of("a", &random).await;
        let parameters = "$argon2id$v=19$m=19456,t=2,p=1$";
        assert!(one.expose_to_store().starts_with(parameters));
        assert_ne!(one.expose_to_store(), other.expose_to_store());
    }

    /// The runtime of this test has one thread, so hashing on that thread would block every other
    /// task.
    #[tokio::test]
    async fn others_get_on_while_a_password_is_hashed_or_checked() {
        let hash = hash_of("a", &Random::seeded(1)).await;
        let checking = tokio::spawn(async move { lets_in(&hash, "b").await });
        let hashing = tokio::spawn(async { hash_of("a", &Random::seeded(1)).await });
        let pretending = tokio::spawn(verify_dummy("a".into()));
        let mut turns = 0_u32;
        while !(checking.is_finished() && hashing.is_finished() && pretending.is_finished()) {
            tokio::task::yield_now().await;
            turns += 1;
        }
        assert!(turns > 100, "{turns} turns");
    }

    #[tokio::test]
    async fn a_damaged_hash_is_an_error_and_lets_nobody_in() {
        let damaged = PasswordHash::from("$argon2id$".to_owned());
        assert!(damaged.verify("".into()).await.is_err());
    }

    #[tokio::test]
    async fn a_stored_hash_still_lets_in_and_prints_nothing() {
        let hash = hash_of("a", &Random::seeded(1)).await;
        let read = PasswordHash::from(hash.expose_to_store().to_owned());
        assert!(lets_in(&read, "a").await);
        assert!(!format!("{hash:?}").contains("argon2id"));
    }
}
