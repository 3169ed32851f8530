//! The source of randomness. No other module asks the operating system for it; all take a [`Random`],
//! so that a test can pass a seeded one.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{GroupId, UserId};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// A source of random bytes: the operating system's, or a seeded one for tests.
#[derive(Debug)]
pub struct Random(Source);

#[derive(Debug)]
enum Source {
    OperatingSystem,
    Seeded { seed: u64, next_block: AtomicU64 },
}

impl Random {
    /// Creates a source that reads the operating system's randomness, fit for secrets.
    pub fn os() -> Self {
        Self(Source::OperatingSystem)
    }

    /// Creates a source of reproducible bytes, for tests only: the seed reveals every secret.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded {
            seed,
            next_block: AtomicU64::new(0),
        })
    }

    /// Returns `N` random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness. No secret can be generated then, and no caller
    /// could continue.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Source::OperatingSystem => fill_from_operating_system(&mut bytes),
            Source::Seeded { seed, next_block } => {
                for chunk in bytes.chunks_mut(32) {
                    let block = next_block.fetch_add(1, Ordering::Relaxed);
                    let digest = Sha256::digest([seed.to_be_bytes(), block.to_be_bytes()].concat());
                    chunk.copy_from_slice(&digest[..chunk.len()]);
                }
            }
        }
        bytes
    }

    /// Generates a secret of 256 bits in 43 characters of base64url, such as a session token or the
    /// `state` of an OAuth attempt.
    pub fn token(&self) -> SecretString {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>()).into()
    }

    /// Generates a user's id: `usr_` and 128 bits in hex. Ids do not collide, and none can be guessed
    /// from another.
    pub fn user_id(&self) -> UserId {
        UserId::new(format!("usr_{}", hex(&self.bytes::<16>())))
    }

    /// Generates a group's id: `grp_` and 64 bits in hex.
    pub fn group_id(&self) -> GroupId {
        GroupId::new(format!("grp_{}", hex(&self.bytes::<8>())))
    }

    /// Returns a number from 0 (included) to 1 (excluded), to spread retries.
    pub fn jitter(&self) -> f64 {
        f64::from(u32::from_be_bytes(self.bytes())) / 4_294_967_296.0
    }
}

fn fill_from_operating_system(bytes: &mut [u8]) {
    #[expect(
        clippy::disallowed_methods,
        reason = "no other place asks the operating system"
    )]
    let filled = getrandom::fill(bytes);
    assert!(filled.is_ok(), "the operating system has no randomness");
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_seeded_source_repeats_itself_and_another_seed_gives_something_else() {
        let first = Random::seeded(7).bytes::<100>();
        assert_eq!(first, Random::seeded(7).bytes::<100>());
        assert_ne!(first, Random::seeded(8).bytes::<100>());
    }

    #[test]
    fn one_source_never_gives_the_same_token_twice() {
        for random in [Random::os(), Random::seeded(1)] {
            let (first, second) = (random.token(), random.token());
            assert_ne!(first.expose_secret(), second.expose_secret());
            assert_eq!(first.expose_secret().len(), 43);
        }
    }

    #[test]
    fn a_user_id_has_128_bits_after_its_prefix() {
        let id = Random::os().user_id();
        let hex = id.as_str().strip_prefix("usr_").unwrap();
        assert_eq!(hex.len(), 32);
        assert!(hex.chars().all(|c| c.is_ascii_hexdigit()));
    }

    #[test]
    fn jitter_stays_between_nought_and_one() {
        let random = Random::seeded(3);
        for _ in 0..1_000 {
            assert!((0.0..1.0).contains(&random.jitter()));
        }
    }
}
