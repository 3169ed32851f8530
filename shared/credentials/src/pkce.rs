//! PKCE (RFC 7636): proves that an authorization code is redeemed by the client that requested it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::random::Random;

/// The `code_verifier` of one authorization attempt. Its `Debug` output does not show it.
#[derive(Clone, Debug)]
pub struct PkceVerifier(SecretString);

impl PkceVerifier {
    /// Generates a verifier of 256 bits, in 43 characters (RFC 7636, section 4.1).
    pub fn generate(random: &Random) -> Self {
        Self(random.token())
    }

    /// Wraps a verifier that was read from storage.
    pub fn from_stored(text: SecretString) -> Self {
        Self(text)
    }

    /// Returns the verifier, for the token request and for the storage until then.
    pub fn secret(&self) -> &SecretString {
        &self.0
    }

    /// Returns the `code_challenge` for the authorization request (RFC 7636, section 4.2).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose_secret()))
    }
}

/// Generates the `state` of one authorization attempt (RFC 6749, section 10.12). Only its
/// [`crate::TokenHash`] is stored.
pub fn generate_state(random: &Random) -> SecretString {
    random.token()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = PkceVerifier::from_stored(verifier.into()).challenge();
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn every_attempt_has_its_own_verifier_and_state() {
        let random = Random::seeded(1);
        let verifiers = [(); 2].map(|()| PkceVerifier::generate(&random));
        assert_ne!(verifiers[0].challenge(), verifiers[1].challenge());
        let states = [(); 2].map(|()| generate_state(&random));
        assert_ne!(states[0].expose_secret(), states[1].expose_secret());
    }

    #[test]
    fn debug_output_shows_no_verifier() {
        let verifier = PkceVerifier::generate(&Random::seeded(1));
        assert!(!format!("{verifier:?}").contains(verifier.secret().expose_secret()));
    }
}
