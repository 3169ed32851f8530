//! The two fields of a form that must contain the same new password.

use credentials::is_same_password;
use secrecy::SecretString;

/// The error for fields that differ.
pub(crate) const TYPED_DIFFERENTLY: &str = "確認用のパスワードが一致しません。";

/// Returns whether both fields contain the same password.
pub(crate) fn is_same_twice(password: &SecretString, confirmation: &SecretString) -> bool {
    is_same_password(password, confirmation)
}
