//! Why a passkey is not registered or not believed.

use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::error::RegCeremonyErr;

/// Why a passkey is not registered or not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The answer is no WebAuthn message, or breaks a rule of the protocol.
    #[error("the answer is not a valid WebAuthn message")]
    Invalid,
    /// The challenge is older than five minutes.
    #[error("the challenge has expired")]
    Expired,
    /// A page of another origin, or a frame in one, asked for the passkey.
    #[error("the answer was made for another origin")]
    OtherOrigin,
    /// The passkey belongs to another site.
    #[error("the answer was made for another relying party")]
    OtherRelyingParty,
    /// The answer is to another challenge.
    #[error("the answer is to another challenge")]
    OtherChallenge,
    /// The authenticator did not verify who uses it.
    #[error("the authenticator did not verify the user")]
    UserNotVerified,
    /// The signature is not that of the passkey.
    #[error("the signature is wrong")]
    WrongSignature,
    /// The signature counter did not grow, so that there may be a copy of the authenticator.
    #[error("the signature counter did not grow")]
    CounterWentBack,
    /// The user has no such passkey.
    #[error("the user has no such passkey")]
    UnknownPasskey,
    /// The user has this passkey already.
    #[error("the passkey is registered already")]
    AlreadyRegistered,
    /// A stored passkey or challenge cannot be read.
    #[error("a stored passkey or challenge cannot be read")]
    Corrupt,
}

impl From<RegCeremonyErr> for PasskeyError {
    fn from(error: RegCeremonyErr) -> Self {
        match error {
            RegCeremonyErr::Timeout => Self::Expired,
            RegCeremonyErr::OriginMismatch
            | RegCeremonyErr::CrossOrigin
            | RegCeremonyErr::TopOriginMismatch => Self::OtherOrigin,
            RegCeremonyErr::RpIdHashMismatch => Self::OtherRelyingParty,
            RegCeremonyErr::ChallengeMismatch => Self::OtherChallenge,
            RegCeremonyErr::UserNotPresent | RegCeremonyErr::UserNotVerified => {
                Self::UserNotVerified
            }
            RegCeremonyErr::AttestationSignature => Self::WrongSignature,
            _ => Self::Invalid,
        }
    }
}

impl From<AuthCeremonyErr> for PasskeyError {
    fn from(error: AuthCeremonyErr) -> Self {
        match error {
            AuthCeremonyErr::Timeout => Self::Expired,
            AuthCeremonyErr::OriginMismatch
            | AuthCeremonyErr::CrossOrigin
            | AuthCeremonyErr::TopOriginMismatch => Self::OtherOrigin,
            AuthCeremonyErr::RpIdHashMismatch => Self::OtherRelyingParty,
            AuthCeremonyErr::ChallengeMismatch => Self::OtherChallenge,
            AuthCeremonyErr::UserNotVerified => Self::UserNotVerified,
            AuthCeremonyErr::AssertionSignature => Self::WrongSignature,
            AuthCeremonyErr::SignatureCounter => Self::CounterWentBack,
            AuthCeremonyErr::UserHandleMismatch
            | AuthCeremonyErr::CredentialIdMismatch
            | AuthCeremonyErr::NoMatchingAllowedCredential => Self::UnknownPasskey,
            _ => Self::Invalid,
        }
    }
}
