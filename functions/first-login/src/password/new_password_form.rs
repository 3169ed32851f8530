//! The form in which somebody who came by a mailed link chooses a password.

use axum::Form;
use axum::extract::rejection::FormRejection;
use secrecy::SecretString;
use serde::Deserialize;

use super::typed_twice::{TYPED_DIFFERENTLY, is_same_twice};

/// The fields of the form.
#[derive(Deserialize)]
pub(crate) struct NewPasswordForm {
    password: SecretString,
    password_confirmation: SecretString,
}

impl NewPasswordForm {
    /// Returns the password of a submitted form.
    ///
    /// # Errors
    /// The sentence for the page, when a field is missing or the two differ.
    pub(crate) fn password(
        submitted: Result<Form<Self>, FormRejection>,
    ) -> Result<SecretString, &'static str> {
        let Ok(Form(form)) = submitted else {
            return Err("パスワードを入力してください。");
        };
        if is_same_twice(&form.password, &form.password_confirmation) {
            Ok(form.password)
        } else {
            Err(TYPED_DIFFERENTLY)
        }
    }
}
