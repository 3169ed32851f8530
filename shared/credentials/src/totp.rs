//! Authenticator apps: time-based one-time passwords (RFC 6238).
//!
//! The secret of an app is derived from a seed in the table and the derivation key, so that neither the tables nor a
//! backup of them give codes, and nothing needs to be encrypted by us. The key must be kept for it.

use domain::{UserId, WorkspaceId};
use jiff::Timestamp;
use secrecy::SecretString;
use totp_rs::{Algorithm, Builder, Totp};

use crate::credential_seed::CredentialSeed;
use crate::derivation_key::DerivationKey;

/// What apps show above the code.
const ISSUER: &str = "KiteRa";

/// The secret that an authenticator app shares with us: 160 bits. Its `Debug` output does not show it.
///
/// Codes have six digits and change every 30 seconds, with SHA-1: what every app understands. A code is
/// accepted a step before and after its own, because clocks differ.
#[derive(Debug)]
pub struct TotpSecret(Totp);

impl TotpSecret {
    /// Derives the secret of a user's app: always the same for the same key and `seed`.
    pub fn derive(
        key: &DerivationKey,
        seed: &CredentialSeed,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Self {
        let derived = key.totp_secret(seed, workspace_id, user_id);
        let mut secret = [0; 20];
        secret.copy_from_slice(&derived[..20]);
        let builder = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_skew(1)
            .with_secret(secret);
        Self(builder.build_noncompliant())
    }

    /// Returns the time step whose code this is, if it is valid at `now`. The caller sees to it that a
    /// step is accepted once.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<u64> {
        self.0.check(code, seconds(now))
    }

    /// Returns the code at `now`.
    pub fn code(&self, now: Timestamp) -> SecretString {
        self.0.generate(seconds(now)).to_string().into()
    }

    /// Returns the secret in base32, as people type it into an app.
    pub fn base32(&self) -> SecretString {
        self.0.secret().to_base32().into()
    }

    /// Returns the `otpauth` URL of the QR code. `account` is what the app shows beside the issuer.
    pub fn url(&self, account: &str) -> SecretString {
        let label: String = url::form_urlencoded::byte_serialize(account.as_bytes()).collect();
        let secret = self.0.secret().to_base32();
        // A blank is a plus sign in forms, but not in labels.
        let label = label.replace('+', "%20");
        format!("otpauth://totp/{ISSUER}:{label}?secret={secret}&issuer={ISSUER}").into()
    }
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use secrecy::ExposeSecret;

    use super::*;

    fn secret(user: &str) -> TotpSecret {
        let key = DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into()).unwrap();
        let seed = CredentialSeed::from_stored("seed".into());
        TotpSecret::derive(&key, &seed, &WorkspaceId::new("ws"), &UserId::new(user))
    }

    #[test]
    fn a_code_is_valid_a_step_before_and_after_its_own_and_not_later() {
        let (app, at) = (
            secret("hanako"),
            Timestamp::from_second(1_800_000_000).unwrap(),
        );
        let code = app.code(at);
        let step_at = |seconds: i64| {
            let now = at + SignedDuration::from_secs(seconds);
            app.step_of(code.expose_secret(), now)
        };
        assert_eq!(step_at(0), Some(60_000_000));
        assert_eq!(step_at(-30), Some(60_000_000));
        assert_eq!(step_at(59), Some(60_000_000));
        assert_eq!(step_at(60), None);
        assert_eq!(step_at(-31), None);
        assert_eq!(app.step_of("", at), None);
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B: the secret "12345678901234567890" at 59 seconds, the last six digits of 94287082.
        let totp = Builder::new().with_secret(*b"12345678901234567890");
        let app = TotpSecret(totp.build_noncompliant());
        let at = Timestamp::from_second(59).unwrap();
        assert_eq!(app.code(at).expose_secret(), "287082");
    }

    #[test]
    fn each_user_has_a_secret_of_their_own_and_it_is_not_printed() {
        let (hanako, taro) = (secret("hanako"), secret("taro"));
        let (ours, theirs) = (hanako.base32(), taro.base32());
        assert_eq!(ours.expose_secret().len(), 32);
        assert_ne!(ours.expose_secret(), theirs.expose_secret());
        assert!(!format!("{hanako:?}").contains(ours.expose_secret()));
        let url = hanako.url("花子 @ みどり:商事");
        let text = url.expose_secret();
        assert!(
            text.starts_with("otpauth://totp/KiteRa:%E8%8A%B1"),
            "{text}"
        );
        assert!(text.ends_with(&format!("?secret={}&issuer=KiteRa", ours.expose_secret())));
    }
}
