//! Registers a passkey.

use domain::Passkey;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use webauthn_rp::bin::Encode;
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity,
    RegistrationVerificationOptions, ResidentKeyRequirement, USER_HANDLE_MAX_LEN, Username,
};
use webauthn_rp::response::register::ser_relaxed::RegistrationRelaxed;
use webauthn_rp::{RegisteredCredential, RegistrationServerState};

use super::challenge::{Ceremony, StartedCeremony, kept_state, started};
use super::encoding::{descriptor, new_user_handle, to_base64, user_handle};
use super::error::PasskeyError;
use super::relying_party::RelyingParty;
use crate::hex::hex;
use crate::random::Random;

/// What the authenticator shows the user of the account, so that they know which one they choose.
#[derive(Clone, Copy, Debug)]
pub struct PasskeyOwner<'a> {
    /// What the user signs in with.
    pub account: &'a str,
    /// The name of the user.
    pub name: &'a str,
}

/// What stands for an account whose name no authenticator could show.
const UNNAMED: &str = "KiteRa";

impl RelyingParty {
    /// Starts the registration of a further passkey for a user who has these. An authenticator with one of them
    /// makes no second one.
    ///
    /// # Errors
    /// [`PasskeyError::Corrupt`] when a stored passkey cannot be read.
    pub fn start_registration(
        &self,
        owner: PasskeyOwner<'_>,
        passkeys: &[Passkey],
        random: &Random,
        now: Timestamp,
    ) -> Result<StartedCeremony, PasskeyError> {
        let known_as = passkeys.first().map(user_handle).transpose()?;
        let user = PublicKeyCredentialUserEntity {
            name: Username::try_from(owner.account)
                .or_else(|_| Username::try_from(UNNAMED))
                .map_err(|_| PasskeyError::Corrupt)?,
            id: &known_as.unwrap_or_else(|| new_user_handle(random)),
            display_name: owner.name.try_into().ok(),
        };
        let registered = passkeys.iter().map(descriptor).collect::<Result<_, _>>()?;
        let mut options = PublicKeyCredentialCreationOptions::passkey(&self.id, user, registered);
        // Asked for after the password: a security key without room for another passkey is as good.
        options.authenticator_selection.resident_key = ResidentKeyRequirement::Preferred;
        // Every answer is checked for user verification; older authenticators know no such protection.
        options.extensions.cred_protect = CredProtect::None;
        let (state, options) = options
            .start_ceremony()
            .map_err(|_| PasskeyError::Corrupt)?;
        let state = state.encode().map_err(|_| PasskeyError::Corrupt)?;
        started(Ceremony::Registration, &options, &state, now)
    }

    /// Returns the passkey that the browser's answer registers, with this name.
    ///
    /// # Errors
    /// [`PasskeyError`], the reason why the answer is refused.
    pub fn finish_registration(
        &self,
        challenge: &str,
        answer: &Value,
        (passkeys, name): (&[Passkey], &str),
        now: Timestamp,
    ) -> Result<Passkey, PasskeyError> {
        let state: RegistrationServerState<USER_HANDLE_MAX_LEN> =
            kept_state(Ceremony::Registration, challenge, now)?;
        let RegistrationRelaxed(answer) =
            RegistrationRelaxed::deserialize(answer).map_err(|_| PasskeyError::Invalid)?;
        let options = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &[self.origin.as_str()],
            error_on_unsolicited_extensions: false,
            ..RegistrationVerificationOptions::default()
        };
        let registered = state.verify(&self.id, &answer, &options)?;
        let passkey = to_stored(&registered, name, now);
        if passkeys.iter().any(|it| it.id == passkey.id) {
            return Err(PasskeyError::AlreadyRegistered);
        }
        Ok(passkey)
    }
}

fn to_stored(
    registered: &RegisteredCredential<'_, USER_HANDLE_MAX_LEN>,
    name: &str,
    now: Timestamp,
) -> Passkey {
    let Ok(public_key) = registered.static_state().encode();
    let Ok(authenticator_state) = registered.dynamic_state().encode();
    let Ok(transports) = registered.transports().encode();
    Passkey {
        id: hex(&Sha256::digest(registered.id().as_ref())),
        credential_id: to_base64(registered.id().as_ref()),
        user_handle: to_base64(registered.user_id().as_ref()),
        public_key: to_base64(&public_key),
        authenticator_state: to_base64(&authenticator_state),
        transports,
        name: name.to_owned(),
        added_at: now,
        last_used_at: now,
    }
}
