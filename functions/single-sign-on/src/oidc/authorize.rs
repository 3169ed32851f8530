//! The address at the provider where a person signs in.

use std::time::Duration;

use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreResponseType};
use openidconnect::{
    AuthenticationFlow, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope,
};
use secrecy::{ExposeSecret, SecretString};

use super::discovery::Provider;
use super::error::OidcError;

/// What one sign-in sends to the provider, and expects back.
pub(crate) struct Authorization<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: &'a SecretString,
    pub(crate) nonce: &'a SecretString,
    pub(crate) pkce_verifier: &'a SecretString,
    /// Whether the person has to sign in again, even if the provider knows them already.
    pub(crate) force_sign_in: bool,
}

impl Provider {
    /// Returns the address to send the browser to: authorization code flow, PKCE with S256.
    ///
    /// # Errors
    /// [`OidcError::AddressNotAllowed`] when our own address is none.
    pub(crate) fn authorization_url(
        &self,
        authorization: &Authorization<'_>,
    ) -> Result<String, OidcError> {
        let text = |secret: &SecretString| secret.expose_secret().to_owned();
        let verifier = PkceCodeVerifier::new(text(authorization.pkce_verifier));
        let (state, nonce) = (text(authorization.state), text(authorization.nonce));
        let flow: CoreAuthenticationFlow =
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let client = self.client(authorization.client_id, None, authorization.redirect_uri)?;
        let mut request = client
            .authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce))
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if authorization.force_sign_in {
            request = request
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(Duration::ZERO);
        }
        let (url, _, _) = request.url();
        Ok(url.into())
    }
}
