//! An authorization code, exchanged for claims that the provider's signature vouches for (OpenID Connect Core 1.0,
//! 3.1.3.7).

use std::time::SystemTime;

use domain::time::later;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreErrorResponseType, CoreJsonWebKey};
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreUserInfoClaims};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClaimsVerificationError, ClientId, IdTokenVerifier, Nonce,
    OAuth2TokenResponse, PkceCodeVerifier, RequestTokenError, SignatureVerificationError,
    TokenResponse, UserInfoError,
};
use secrecy::{ExposeSecret, SecretString};

use super::discovery::{Provider, request_failed};
use super::error::{Endpoint, OidcError, TokenFault};
use super::http::{HttpError, ProviderClient};
use super::types::{OurClient, OurIdToken, OurIdTokenClaims, TokenAnswer, TokenError};

/// The signatures that are accepted: those of asymmetric keys. "none" and MACs are not among them, whatever a token
/// says of itself.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// How far the provider's clock may be ahead of ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(120);

/// How old a new ID token may be. A sign-in takes no longer than its state lives.
const OLDEST: SignedDuration = SignedDuration::from_mins(12);

/// The code that came back, and what the sign-in began with.
pub(crate) struct Redemption<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a SecretString,
    pub(crate) redirect_uri: &'a str,
    pub(crate) code: &'a SecretString,
    pub(crate) nonce: &'a SecretString,
    pub(crate) pkce_verifier: &'a SecretString,
    pub(crate) now: Timestamp,
}

/// What the provider says about the person who signed in.
pub(crate) struct Claims {
    /// The provider's id of the person.
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    /// Whether the address is known to be the person's; `None` if the provider does not say.
    pub(crate) email_verified: Option<bool>,
    /// The time of the ID token by the provider's clock.
    pub(crate) issued_at: Timestamp,
    /// The time at which the person signed in at the provider, by its clock; `None` if the provider does not say.
    pub(crate) authenticated_at: Option<Timestamp>,
    /// When the session that begins here has to end; `None` if the provider does not say.
    pub(crate) session_ends_by: Option<Timestamp>,
}

impl ProviderClient {
    /// Exchanges the code for an ID token, and returns what it says. Asks the userinfo endpoint when the token names no
    /// address.
    ///
    /// # Errors
    /// [`OidcError`] when the provider does not answer, refuses, or sends a token that cannot be believed.
    pub(crate) async fn redeem(
        &self,
        provider: &Provider,
        redemption: &Redemption<'_>,
    ) -> Result<Claims, OidcError> {
        let secret = Some(redemption.client_secret);
        let client = provider.client(redemption.client_id, secret, redemption.redirect_uri)?;
        let text = |secret: &SecretString| secret.expose_secret().to_owned();
        let answer: TokenAnswer = client
            .exchange_code(AuthorizationCode::new(text(redemption.code)))
            .map_err(|_| OidcError::UnexpectedAnswer(Endpoint::Discovery))?
            .set_pkce_verifier(PkceCodeVerifier::new(text(redemption.pkce_verifier)))
            .request_async(self)
            .await
            .map_err(exchange_failed)?;
        let token = answer.id_token();
        let token = token.ok_or(OidcError::Token(TokenFault::Missing))?;
        let verified = match verified(provider, redemption, token, &answer) {
            Err(TokenFault::Signature) => {
                // The keys may have been changed since they were read.
                let issuer = provider.issuer();
                let provider = self.read_provider(issuer, redemption.now).await?;
                verified(&provider, redemption, token, &answer)
            }
            verified => verified,
        };
        let claims = verified.map_err(OidcError::Token)?;
        if claims.email().is_some() {
            return claims_of(
                claims,
                claims.email().map(|it| it.as_str()),
                claims.email_verified(),
            );
        }
        let userinfo = self.userinfo(&client, &answer, claims).await?;
        let email = userinfo.as_ref().and_then(|it| it.email());
        let is_verified = userinfo
            .as_ref()
            .and_then(CoreUserInfoClaims::email_verified);
        claims_of(claims, email.map(|it| it.as_str()), is_verified)
    }

    /// Returns what the userinfo endpoint says about the same person; `None` if the provider has none.
    async fn userinfo(
        &self,
        client: &OurClient,
        answer: &TokenAnswer,
        claims: &OurIdTokenClaims,
    ) -> Result<Option<CoreUserInfoClaims>, OidcError> {
        let subject = Some(claims.subject().clone());
        let Ok(request) = client.user_info(answer.access_token().clone(), subject) else {
            return Ok(None);
        };
        let answered = request.request_async(self).await;
        answered.map(Some).map_err(|error| match error {
            UserInfoError::Request(error) => request_failed(error, Endpoint::UserInfo),
            _ => OidcError::UnexpectedAnswer(Endpoint::UserInfo),
        })
    }
}

fn claims_of(
    claims: &OurIdTokenClaims,
    email: Option<&str>,
    email_verified: Option<bool>,
) -> Result<Claims, OidcError> {
    let time = |time| {
        Timestamp::try_from(SystemTime::from(time))
            .map_err(|_| OidcError::Token(TokenFault::Malformed))
    };
    Ok(Claims {
        subject: claims.subject().to_string(),
        email: email.map(ToOwned::to_owned),
        email_verified,
        issued_at: time(claims.issue_time())?,
        authenticated_at: claims.auth_time().map(time).transpose()?,
        session_ends_by: None,
    })
}

/// Verifies an ID token as OpenID Connect Core 3.1.3.7 and 3.1.3.8 prescribe.
fn verified<'a>(
    provider: &Provider,
    redemption: &Redemption<'_>,
    token: &'a OurIdToken,
    answer: &TokenAnswer,
) -> Result<&'a OurIdTokenClaims, TokenFault> {
    let now = redemption.now;
    let issued_at_a_likely_time = move |issued_at| {
        let issued_at = Timestamp::try_from(SystemTime::from(issued_at));
        let age = issued_at.map(|issued_at| now.duration_since(issued_at));
        match age {
            Ok(age) if age > OLDEST || age < -CLOCK_SKEW => Err(ISSUE_TIME.to_owned()),
            Ok(_) => Ok(()),
            Err(_) => Err(ISSUE_TIME.to_owned()),
        }
    };
    let keys = provider.metadata.jwks().clone();
    let client_id = ClientId::new(redemption.client_id.to_owned());
    // A public client's verifier knows no client secret, which a MAC could be made with.
    let verifier: IdTokenVerifier<'_, CoreJsonWebKey> =
        IdTokenVerifier::new_public_client(client_id, provider.metadata.issuer().clone(), keys)
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || SystemTime::from(now).into())
            .set_issue_time_verifier_fn(issued_at_a_likely_time);
    let nonce = Nonce::new(redemption.nonce.expose_secret().to_owned());
    let claims = token
        .claims(&verifier, &nonce)
        .map_err(|error| fault(&error))?;
    let is_ours = |party: &ClientId| party.as_str() == redemption.client_id;
    if !claims.authorized_party().is_none_or(is_ours) {
        return Err(TokenFault::Audience);
    }
    let latest = later(now, CLOCK_SKEW).as_duration();
    let is_future = |nbf| SignedDuration::try_from_secs_f64(nbf).map_or(true, |nbf| nbf > latest);
    if claims.additional_claims().nbf.is_some_and(is_future) {
        return Err(TokenFault::IssueTime);
    }
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|_| TokenFault::Algorithm)?;
        let key = token
            .signing_key(&verifier)
            .map_err(|_| TokenFault::Signature)?;
        let actual = AccessTokenHash::from_token(answer.access_token(), algorithm, key);
        if actual.ok().as_ref() != Some(expected) {
            return Err(TokenFault::AccessToken);
        }
    }
    Ok(claims)
}

/// What the library's error about a token says when [`verified`] refused its time.
const ISSUE_TIME: &str = "issued at an unlikely time";

fn fault(error: &ClaimsVerificationError) -> TokenFault {
    use SignatureVerificationError as Signature;
    match error {
        ClaimsVerificationError::Expired(why) if why == ISSUE_TIME => TokenFault::IssueTime,
        ClaimsVerificationError::Expired(_) => TokenFault::Expired,
        ClaimsVerificationError::InvalidAudience(_) => TokenFault::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => TokenFault::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => TokenFault::Nonce,
        ClaimsVerificationError::SignatureVerification(
            Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_) | Signature::NoSignature,
        ) => TokenFault::Algorithm,
        ClaimsVerificationError::SignatureVerification(_) => TokenFault::Signature,
        _ => TokenFault::Malformed,
    }
}

fn exchange_failed(error: RequestTokenError<HttpError, TokenError>) -> OidcError {
    match error {
        RequestTokenError::Request(error) => request_failed(error, Endpoint::Token),
        RequestTokenError::ServerResponse(refusal) => match refusal.error() {
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                OidcError::ClientRefused
            }
            _ => OidcError::CodeRefused,
        },
        // An ID token that is no JWT cannot be parsed as a part of the answer.
        RequestTokenError::Parse(error, _) if error.path().to_string() == "id_token" => {
            OidcError::Token(TokenFault::Malformed)
        }
        _ => OidcError::UnexpectedAnswer(Endpoint::Token),
    }
}
