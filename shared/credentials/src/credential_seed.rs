//! The random seed of a credential, without which the derivation key computes nothing.

use domain::Redacted;
use secrecy::{ExposeSecret, SecretString};

use crate::random::Random;

/// The random seed of one invitation, of one issued initial password, or of a run's initial passwords.
/// It is stored only until SES has accepted the mail.
#[derive(Clone, Debug)]
pub struct CredentialSeed(SecretString);

impl CredentialSeed {
    /// Generates a seed of 256 bits.
    pub fn generate(random: &Random) -> Self {
        Self(random.token())
    }

    /// Wraps a seed that was read from storage.
    pub fn from_stored(text: SecretString) -> Self {
        Self(text)
    }

    /// Returns the seed as text, to be stored.
    pub fn expose_to_store(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<&Redacted> for CredentialSeed {
    fn from(stored: &Redacted) -> Self {
        Self(stored.expose().into())
    }
}
