//! Derives secrets, so that they need not be stored.
//!
//! After a crash, an invitation or a password reset must be mailed again with the same URL, and the mail
//! of a run's initial passwords must be built again. All these secrets are derived from a key that only Secrets
//! Manager holds, and from a random seed that only the table holds, until the mail was sent. Neither
//! of the two computes a secret alone, and none can be computed afterwards.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{KeyId, UserId, WorkspaceId};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;
use thiserror::Error;

use crate::credential_seed::CredentialSeed;
use crate::hex::hex;
use crate::initial_password::{CHARACTERS, spell};

/// The reason why the secret with the derivation keys cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidDerivationKey {
    /// An empty or mistyped key.
    #[error("the derivation key has fewer than 32 bytes")]
    TooShort,
    /// The secret is JSON of another shape than [`crate::DerivationKeys`] reads.
    #[error("the secret with the derivation keys is not the expected JSON")]
    Unreadable,
}

/// A key that secrets are derived from. Its `Debug` output does not show the key.
#[derive(Clone, Debug)]
pub struct DerivationKey {
    id: KeyId,
    key: SecretSlice<u8>,
}

impl DerivationKey {
    /// Creates a key. The bytes of the trimmed text are the key; they are not decoded. The id is made
    /// from the key, so that it needs no place in the secret and cannot be wrong.
    ///
    /// # Errors
    /// When the text has fewer than 32 bytes, as an empty or mistyped secret does.
    pub fn from_secret(text: &SecretString) -> Result<Self, InvalidDerivationKey> {
        let bytes = text.expose_secret().trim().as_bytes();
        if bytes.len() < 32 {
            return Err(InvalidDerivationKey::TooShort);
        }
        let id = derive(bytes, "key id", &[]);
        Ok(Self {
            id: KeyId::new(hex(&id[..8])),
            key: bytes.to_vec().into(),
        })
    }

    /// Returns the id of the key, which credentials remember. It tells nothing about the key.
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// Derives the secret in an invitation's URL: 256 bits in base64url, always the same for the same
    /// `seed` and `serial`. A new invitation has the next serial; storing its hash makes the old URL
    /// unusable. Only [`crate::TokenHash::of`] the secret may be stored. Invitations that were issued
    /// before there were seeds have none.
    pub fn invitation_token(
        &self,
        seed: Option<&CredentialSeed>,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        serial: u64,
    ) -> SecretString {
        let serial = serial.to_be_bytes();
        let seed = seed.map(|seed| seed.expose_to_store().as_bytes());
        let parts: Vec<&[u8]> = seed
            .into_iter()
            .chain([
                workspace_id.as_str().as_bytes(),
                user_id.as_str().as_bytes(),
                &serial,
            ])
            .collect();
        let secret = derive(self.key.expose_secret(), "invitation", &parts);
        URL_SAFE_NO_PAD.encode(secret).into()
    }

    /// Derives the secret in the URL of a password reset: 256 bits in base64url, always the same for
    /// the same `seed` and `request`. Only [`crate::TokenHash::of`] the secret may be stored.
    pub fn password_reset_token(
        &self,
        seed: &CredentialSeed,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        request: &str,
    ) -> SecretString {
        self.token_of_request("password reset", seed, (workspace_id, user_id), request)
    }

    /// Derives the secret in the URL that proves an address, as that of a password reset.
    pub fn address_proof_token(
        &self,
        seed: &CredentialSeed,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        request: &str,
    ) -> SecretString {
        self.token_of_request("address proof", seed, (workspace_id, user_id), request)
    }

    /// Derives the 256 bits from which [`crate::TotpSecret`] takes the secret of an authenticator app. The
    /// seed is stored as long as the app is used.
    pub(crate) fn totp_secret(
        &self,
        seed: &CredentialSeed,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> [u8; 32] {
        derive(
            self.key.expose_secret(),
            "authenticator app",
            &[
                seed.expose_to_store().as_bytes(),
                workspace_id.as_str().as_bytes(),
                user_id.as_str().as_bytes(),
            ],
        )
    }

    fn token_of_request(
        &self,
        purpose: &str,
        seed: &CredentialSeed,
        (workspace_id, user_id): (&WorkspaceId, &UserId),
        request: &str,
    ) -> SecretString {
        let secret = derive(
            self.key.expose_secret(),
            purpose,
            &[
                seed.expose_to_store().as_bytes(),
                workspace_id.as_str().as_bytes(),
                user_id.as_str().as_bytes(),
                request.as_bytes(),
            ],
        );
        URL_SAFE_NO_PAD.encode(secret).into()
    }

    /// Derives a user's initial password: 100 bits, spelt like `k7qm-2xpa-9trc-w4hd-5nbe`. Once the
    /// `seed` is deleted, the password cannot be derived again. A reissued password has the next
    /// `serial`.
    pub fn initial_password(
        &self,
        seed: &CredentialSeed,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        serial: u64,
    ) -> SecretString {
        spell::<CHARACTERS>(derive(
            self.key.expose_secret(),
            "initial password",
            &[
                seed.expose_to_store().as_bytes(),
                workspace_id.as_str().as_bytes(),
                user_id.as_str().as_bytes(),
                &serial.to_be_bytes(),
            ],
        ))
    }
}

/// Returns HMAC-SHA256 over the label and the parts. Each is preceded by its length, so that two
/// different lists of parts never have the same bytes.
fn derive(key: &[u8], label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hmac = keyed(key);
    for part in std::iter::once(&label.as_bytes()).chain(parts) {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part);
    }
    hmac.finalize().into_bytes().into()
}

pub(crate) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(
        clippy::expect_used,
        reason = "RFC 2104: HMAC takes keys of any length, so this cannot fail"
    )]
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn key(secret: &str) -> DerivationKey {
        DerivationKey::from_secret(&secret.into()).unwrap()
    }

    fn token(key: &DerivationKey, workspace: &str, user: &str, serial: u64) -> String {
        let (workspace_id, user_id) = (WorkspaceId::new(workspace), UserId::new(user));
        let seed = CredentialSeed::generate(&Random::seeded(1));
        let token = key.invitation_token(Some(&seed), &workspace_id, &user_id, serial);
        token.expose_secret().to_owned()
    }

    fn password(seed: &CredentialSeed, user: &str, serial: u64) -> String {
        let (workspace_id, user_id) = (WorkspaceId::new("ws"), UserId::new(user));
        let password = key(SECRET).initial_password(seed, &workspace_id, &user_id, serial);
        password.expose_secret().to_owned()
    }

    #[test]
    fn a_short_key_is_refused() {
        let short = DerivationKey::from_secret(&" 0123456789abcdef0123456789abcde\n".into());
        assert_eq!(short.err(), Some(InvalidDerivationKey::TooShort));
    }

    #[test]
    fn an_invitation_sent_again_has_the_same_link_and_a_new_one_another() {
        let key = key(SECRET);
        let first = token(&key, "ws", "usr_1", 1);
        assert_eq!(first.len(), 43);
        assert_eq!(token(&key, "ws", "usr_1", 1), first);
        assert_ne!(token(&key, "ws", "usr_1", 2), first);
        assert_ne!(token(&key, "ws", "usr_2", 1), first);
        assert_ne!(token(&key, "other", "usr_1", 1), first);
    }

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        let key = key(SECRET);
        assert_ne!(token(&key, "ws1", "2", 1), token(&key, "ws", "12", 1));
    }

    #[test]
    fn the_key_and_the_ids_are_not_enough_to_compute_a_link() {
        let (key, id, user) = (key(SECRET), WorkspaceId::new("ws"), UserId::new("usr_1"));
        let random = Random::seeded(2);
        let (one, other) = (
            CredentialSeed::generate(&random),
            CredentialSeed::generate(&random),
        );
        let link = |seed| {
            let token = key.invitation_token(seed, &id, &user, 1);
            token.expose_secret().to_owned()
        };
        assert_eq!(link(Some(&one)), link(Some(&one)));
        assert_ne!(link(Some(&one)), link(Some(&other)));
        assert_ne!(link(Some(&one)), link(None));
        let reset = |seed| {
            let token = key.password_reset_token(seed, &id, &user, "request");
            token.expose_secret().to_owned()
        };
        assert_eq!(reset(&one), reset(&one));
        assert_ne!(reset(&one), reset(&other));
    }

    #[test]
    fn another_key_gives_another_token() {
        let other = key("X123456789abcdef0123456789abcdef");
        assert_ne!(
            token(&other, "ws", "usr_1", 1),
            token(&key(SECRET), "ws", "usr_1", 1)
        );
    }

    #[test]
    fn an_initial_password_needs_its_runs_seed() {
        let random = Random::seeded(1);
        let seed = CredentialSeed::generate(&random);
        let other_run = CredentialSeed::generate(&random);
        let first = password(&seed, "usr_1", 1);

        assert_eq!(password(&seed, "usr_1", 1), first);
        assert_ne!(password(&seed, "usr_2", 1), first);
        assert_ne!(password(&seed, "usr_1", 2), first);
        assert_ne!(password(&other_run, "usr_1", 1), first);
    }

    #[test]
    fn debug_output_shows_no_key() {
        let printed = format!("{:?}", key(SECRET));
        assert!(!printed.contains("0123") && !printed.contains("48, 49"));
    }
}
