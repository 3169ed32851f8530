//! What a provider publishes about itself: its endpoints and keys (OpenID Connect Discovery 1.0). Kept for an hour at
//! most.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::CoreClientAuthMethod;
use openidconnect::{
    AuthType, ClientId, ClientSecret, DiscoveryError, IssuerUrl, RedirectUrl, TokenUrl, UserInfoUrl,
};
use secrecy::{ExposeSecret, SecretString};

use super::error::{Endpoint, OidcError};
use super::http::{HttpError, ProviderClient};
use super::types::{Metadata, OurClient};

/// How long the metadata and the keys of a provider are used.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// A provider as it was read.
pub(super) struct CachedProvider {
    read_at: Timestamp,
    provider: Provider,
}

/// An identity provider whose metadata was read.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(super) metadata: Arc<Metadata>,
}

impl ProviderClient {
    /// Returns the provider of an issuer. It is read when it is not known, or was read an hour ago.
    ///
    /// # Errors
    /// [`OidcError`] when the provider does not answer, or not as OpenID Connect prescribes.
    pub(crate) async fn provider(
        &self,
        issuer: &str,
        now: Timestamp,
    ) -> Result<Provider, OidcError> {
        if let Some(known) = self.known.lock().await.get(issuer)
            && now.duration_since(known.read_at) < KEPT
        {
            return Ok(known.provider.clone());
        }
        self.read_provider(issuer, now).await
    }

    /// As [`ProviderClient::provider`], but reads it in any case: the keys may have been changed.
    ///
    /// # Errors
    /// As [`ProviderClient::provider`].
    pub(crate) async fn read_provider(
        &self,
        issuer: &str,
        now: Timestamp,
    ) -> Result<Provider, OidcError> {
        let url = IssuerUrl::new(issuer.to_owned())
            .map_err(|_| OidcError::AddressNotAllowed(Endpoint::Discovery))?;
        let metadata = Metadata::discover_async(url, self).await;
        let metadata = metadata.map_err(|error| discovery_failed(&error))?;
        let endpoints = [
            Some(metadata.authorization_endpoint().url()),
            metadata.token_endpoint().map(TokenUrl::url),
            metadata.userinfo_endpoint().map(UserInfoUrl::url),
        ];
        if endpoints.into_iter().flatten().any(|url| !self.allows(url)) {
            return Err(OidcError::AddressNotAllowed(Endpoint::Discovery));
        }
        let provider = Provider {
            metadata: Arc::new(metadata),
        };
        let cached = CachedProvider {
            read_at: now,
            provider: provider.clone(),
        };
        self.known.lock().await.insert(issuer.to_owned(), cached);
        Ok(provider)
    }
}

fn discovery_failed(error: &DiscoveryError<HttpError>) -> OidcError {
    let endpoint = Endpoint::Discovery;
    match error {
        DiscoveryError::Request(error) => request_failed(*error, endpoint),
        DiscoveryError::Validation(_) => OidcError::OtherIssuer,
        _ => OidcError::UnexpectedAnswer(endpoint),
    }
}

/// Returns the error of a request that got no answer that can be used.
pub(super) fn request_failed(error: HttpError, endpoint: Endpoint) -> OidcError {
    match error {
        HttpError::NotAllowed => OidcError::AddressNotAllowed(endpoint),
        HttpError::Unavailable => OidcError::Unavailable(endpoint),
        HttpError::TooLarge => OidcError::UnexpectedAnswer(endpoint),
    }
}

impl Provider {
    /// Returns the issuer identifier.
    pub(crate) fn issuer(&self) -> &str {
        self.metadata.issuer().as_str()
    }

    /// Returns whether the provider names itself in its answers (RFC 9207).
    pub(crate) fn names_itself(&self) -> bool {
        let more = self.metadata.additional_metadata();
        more.authorization_response_iss_parameter_supported
    }

    /// Returns the client that KiteRa is at this provider.
    pub(super) fn client(
        &self,
        client_id: &str,
        secret: Option<&SecretString>,
        redirect_uri: &str,
    ) -> Result<OurClient, OidcError> {
        let redirect_uri = RedirectUrl::new(redirect_uri.to_owned())
            .map_err(|_| OidcError::AddressNotAllowed(Endpoint::Discovery))?;
        let secret = secret.map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
        let client = OurClient::from_provider_metadata(
            (*self.metadata).clone(),
            ClientId::new(client_id.to_owned()),
            secret,
        );
        Ok(client
            .set_redirect_uri(redirect_uri)
            .set_auth_type(self.client_authentication()))
    }

    /// Returns how the client authenticates: by HTTP Basic, unless the provider takes the secret in the body only.
    fn client_authentication(&self) -> AuthType {
        let methods = self.metadata.token_endpoint_auth_methods_supported();
        let only_in_body = methods.is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        if only_in_body {
            AuthType::RequestBody
        } else {
            AuthType::BasicAuth
        }
    }
}
