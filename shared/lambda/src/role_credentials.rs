//! The credentials of the function's role, which Lambda sets in the environment
//! (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>).

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{ProvideCredentials, Result};

/// Provides the credentials in the environment.
#[derive(Debug)]
pub struct FromEnvironment;

impl ProvideCredentials for FromEnvironment {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        Provided::ready(credentials(|name| std::env::var(name).ok()))
    }
}

fn credentials(variable: impl Fn(&str) -> Option<String>) -> Result {
    let required = |name| {
        variable(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| CredentialsError::not_loaded(format!("{name} is not set")))
    };
    Ok(Credentials::new(
        required("AWS_ACCESS_KEY_ID")?,
        required("AWS_SECRET_ACCESS_KEY")?,
        variable("AWS_SESSION_TOKEN").filter(|token| !token.is_empty()),
        None,
        "environment",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(present: &[(&str, &str)]) -> Result {
        let found = |name: &str| present.iter().find(|(known, _)| *known == name);
        credentials(|name| found(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_role_of_a_function_comes_with_a_session_token() {
        let key = [
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ];
        let token = [("AWS_SESSION_TOKEN", "token")];
        let role = with(&[&key[..], &token].concat()).unwrap();
        assert_eq!(role.access_key_id(), "id");
        assert_eq!(role.secret_access_key(), "secret");
        assert_eq!(role.session_token(), Some("token"));
        assert_eq!(with(&key).unwrap().session_token(), None);
    }

    #[test]
    fn a_missing_credential_is_named() {
        let refused = with(&[("AWS_ACCESS_KEY_ID", "id")]).unwrap_err();
        let why = std::error::Error::source(&refused).unwrap().to_string();
        assert_eq!(why, "AWS_SECRET_ACCESS_KEY is not set");
    }
}
