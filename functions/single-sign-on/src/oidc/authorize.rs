//! The address at the provider where a person signs in.

use openidconnect::core::{CoreAuthenticationFlow, CoreResponseType};
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
        let (url, _, _) = client
            .authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce))
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.into())
    }
}
