//! Passwords before they are hashed: blanks and letters with marks as RFC 8265 (OpaqueString) has them.

use icu_normalizer::ComposingNormalizerBorrowed;
use secrecy::{ExposeSecret, SecretString};

/// Returns a password in NFC and with every blank as a space. Nothing else of it changes.
pub(crate) fn prepared(password: &SecretString) -> SecretString {
    let blank = |c: char| {
        if c.is_whitespace() && !c.is_control() {
            ' '
        } else {
            c
        }
    };
    let spaced: String = password.expose_secret().chars().map(blank).collect();
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    nfc.normalize(&spaced).into_owned().into()
}

/// Returns the forms in which a typed password is compared: prepared, and as typed if that differs.
pub(crate) fn forms(password: &SecretString) -> Vec<SecretString> {
    let mut forms = vec![prepared(password)];
    if forms[0].expose_secret() != password.expose_secret() {
        forms.push(password.clone());
    }
    forms
}

/// Returns whether two typed passwords are the same one.
pub fn is_same_password(one: &SecretString, other: &SecretString) -> bool {
    prepared(one).expose_secret() == prepared(other).expose_secret()
}
