//! Verifies that somebody has one of a user's passkeys.

use domain::Passkey;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::{
    AllowedCredentials, AuthenticationVerificationOptions, NonDiscoverableCredentialRequestOptions,
};
use webauthn_rp::request::{Credentials as _, UserVerificationRequirement};
use webauthn_rp::response::auth::ser_relaxed::NonDiscoverableAuthenticationRelaxed64;
use webauthn_rp::response::register::{DynamicState, StaticState};
use webauthn_rp::{AuthenticatedCredential, NonDiscoverableAuthenticationServerState};

use super::challenge::{Ceremony, StartedCeremony, kept_state, started};
use super::encoding::{descriptor, from_base64, to_base64, user_handle};
use super::error::PasskeyError;
use super::relying_party::RelyingParty;

impl RelyingParty {
    /// Asks for one of a user's passkeys, with user verification.
    ///
    /// # Errors
    /// [`PasskeyError::UnknownPasskey`] when the user has none, [`PasskeyError::Corrupt`] when a stored one cannot
    /// be read.
    pub fn start_authentication(
        &self,
        passkeys: &[Passkey],
        now: Timestamp,
    ) -> Result<StartedCeremony, PasskeyError> {
        let mut allowed = AllowedCredentials::with_capacity(passkeys.len());
        for passkey in passkeys {
            allowed.push(descriptor(passkey)?.into());
        }
        let mut request = NonDiscoverableCredentialRequestOptions::second_factor(&self.id, allowed)
            .map_err(|_| PasskeyError::UnknownPasskey)?;
        request.options().user_verification = UserVerificationRequirement::Required;
        let (state, options) = request
            .start_ceremony()
            .map_err(|_| PasskeyError::Corrupt)?;
        let state = state.encode().map_err(|_| PasskeyError::Corrupt)?;
        started(Ceremony::Authentication, &options, &state, now)
    }

    /// Returns the passkey that the browser's answer proves, as it is to be stored now. Storing it is what makes
    /// an older signature counter of the same authenticator void.
    ///
    /// # Errors
    /// [`PasskeyError`], the reason why the answer is refused.
    pub fn finish_authentication(
        &self,
        challenge: &str,
        answer: &Value,
        passkeys: &[Passkey],
        now: Timestamp,
    ) -> Result<Passkey, PasskeyError> {
        let state: NonDiscoverableAuthenticationServerState =
            kept_state(Ceremony::Authentication, challenge, now)?;
        let answer = NonDiscoverableAuthenticationRelaxed64::deserialize(answer)
            .map_err(|_| PasskeyError::Invalid)?
            .0;
        let credential_id = to_base64(answer.raw_id().as_ref());
        let passkey = passkeys
            .iter()
            .find(|it| it.credential_id == credential_id)
            .ok_or(PasskeyError::UnknownPasskey)?;
        let handle = user_handle(passkey)?;
        let mut credential = AuthenticatedCredential::new(
            answer.raw_id(),
            &handle,
            StaticState::decode(&from_base64(&passkey.public_key)?)
                .map_err(|_| PasskeyError::Corrupt)?,
            authenticator_state(passkey)?,
        )
        .map_err(|_| PasskeyError::Corrupt)?;
        let options = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &[self.origin.as_str()],
            error_on_unsolicited_extensions: false,
            ..AuthenticationVerificationOptions::default()
        };
        state.verify(&self.id, &answer, &mut credential, &options)?;
        let Ok(authenticator_state) = credential.dynamic_state().encode();
        Ok(Passkey {
            authenticator_state: to_base64(&authenticator_state),
            last_used_at: now,
            ..passkey.clone()
        })
    }
}

fn authenticator_state(passkey: &Passkey) -> Result<DynamicState, PasskeyError> {
    let bytes = from_base64(&passkey.authenticator_state)?;
    let bytes = bytes.try_into().map_err(|_| PasskeyError::Corrupt)?;
    DynamicState::decode(bytes).map_err(|_| PasskeyError::Corrupt)
}
