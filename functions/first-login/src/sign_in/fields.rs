//! The fields of a sign-in, in the form and in the JSON body.

use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

/// The fields of the form; an empty one was not filled in.
#[derive(Deserialize)]
pub(crate) struct SignInFields {
    #[serde(default)]
    pub(super) email: String,
    #[serde(default)]
    pub(super) company_code: String,
    #[serde(default)]
    pub(super) employee_code: String,
    #[serde(default)]
    pub(super) password: SecretString,
    /// The page that leads to the sign-in; empty without one.
    #[serde(default)]
    pub(super) return_to: String,
}

impl SignInFields {
    /// Returns the fields of somebody who types an address, and no password.
    pub(crate) fn of_email(email: &str, company_code: &str) -> Self {
        Self {
            email: email.to_owned(),
            company_code: company_code.to_owned(),
            employee_code: String::new(),
            password: SecretString::default(),
            return_to: String::new(),
        }
    }
}

/// The body of `POST /api/v1/sign-in`: one of two ways.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum SignIn {
    Email(SignInByEmail),
    Code(SignInByCode),
}

/// By e-mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInByEmail {
    #[schema(pattern = r"\S")]
    email: String,
    /// Tells workspaces apart that know the same address.
    #[serde(default)]
    company_code: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// By 企業コード and 従業員コード.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInByCode {
    #[schema(pattern = r"\S")]
    company_code: String,
    #[schema(pattern = r"\S")]
    employee_code: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

impl From<SignIn> for SignInFields {
    fn from(body: SignIn) -> Self {
        match body {
            SignIn::Email(by) => Self {
                email: by.email,
                company_code: by.company_code,
                employee_code: String::new(),
                password: by.password,
                return_to: String::new(),
            },
            SignIn::Code(by) => Self {
                email: String::new(),
                company_code: by.company_code,
                employee_code: by.employee_code,
                password: by.password,
                return_to: String::new(),
            },
        }
    }
}
