//! The two fields of a form that must contain the same new password.

use secrecy::{ExposeSecret, SecretString};

/// The error for fields that differ.
pub(crate) const UNCONFIRMED: &str = "確認用のパスワードが一致しません。";

/// Returns whether both fields contain the same password.
pub(crate) fn is_confirmed(password: &SecretString, confirmation: &SecretString) -> bool {
    password.expose_secret() == confirmation.expose_secret()
}
