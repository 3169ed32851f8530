//! Why an identity provider could not be used, or what it said could not be believed.

/// What was asked of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `/.well-known/openid-configuration` and the key set.
    Discovery,
    /// The token endpoint.
    Token,
    /// The userinfo endpoint.
    UserInfo,
}

/// Why a sign-in at the provider failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OidcError {
    /// The provider names an address that KiteRa does not call: not https, or not public.
    AddressNotAllowed(Endpoint),
    /// No answer, one that took too long, or an error of the server.
    Unavailable(Endpoint),
    /// An answer that is not what OpenID Connect prescribes, or is too large.
    UnexpectedAnswer(Endpoint),
    /// The provider calls itself another issuer than the configuration.
    OtherIssuer,
    /// The provider does not accept the client id or the client secret.
    ClientRefused,
    /// The provider does not accept the code.
    CodeRefused,
    /// The ID token cannot be believed.
    Token(TokenFault),
}

/// What is wrong with an ID token (OpenID Connect Core, 3.1.3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFault {
    Missing,
    Signature,
    Algorithm,
    Issuer,
    Audience,
    Expired,
    /// `iat` or `nbf` is in the future, or `iat` is long ago.
    IssueTime,
    Nonce,
    /// `at_hash` is not that of the access token.
    AccessToken,
    Malformed,
}

impl OidcError {
    /// Returns whether the provider does not answer, which waiting may help against.
    pub(crate) fn is_outage(self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Returns the reason for the log.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::AddressNotAllowed(_) => "provider_address_not_allowed",
            Self::Unavailable(_) => "provider_unavailable",
            Self::UnexpectedAnswer(_) => "provider_answer_unexpected",
            Self::OtherIssuer => "provider_issuer_differs",
            Self::ClientRefused => "client_refused",
            Self::CodeRefused => "code_refused",
            Self::Token(fault) => match fault {
                TokenFault::Missing => "id_token_missing",
                TokenFault::Signature => "id_token_signature",
                TokenFault::Algorithm => "id_token_algorithm",
                TokenFault::Issuer => "id_token_issuer",
                TokenFault::Audience => "id_token_audience",
                TokenFault::Expired => "id_token_expired",
                TokenFault::IssueTime => "id_token_issue_time",
                TokenFault::Nonce => "id_token_nonce",
                TokenFault::AccessToken => "id_token_access_token",
                TokenFault::Malformed => "id_token_malformed",
            },
        }
    }
}
