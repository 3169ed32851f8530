//! The parts of a stored passkey, as `webauthn_rp` has them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Passkey;
use webauthn_rp::bin::Decode;
use webauthn_rp::request::PublicKeyCredentialDescriptor;
use webauthn_rp::request::register::{USER_HANDLE_MAX_LEN, UserHandle64};
use webauthn_rp::response::{AuthTransports, CredentialId};

use super::error::PasskeyError;
use crate::random::Random;

pub(super) fn to_base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn from_base64(text: &str) -> Result<Vec<u8>, PasskeyError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| PasskeyError::Corrupt)
}

/// Returns how a browser finds a passkey.
pub(super) fn descriptor(
    passkey: &Passkey,
) -> Result<PublicKeyCredentialDescriptor<Vec<u8>>, PasskeyError> {
    let id = from_base64(&passkey.credential_id)?;
    Ok(PublicKeyCredentialDescriptor {
        id: CredentialId::decode(id).map_err(|_| PasskeyError::Corrupt)?,
        transports: AuthTransports::decode(passkey.transports)
            .map_err(|_| PasskeyError::Corrupt)?,
    })
}

/// Returns the user handle of a passkey.
pub(super) fn user_handle(passkey: &Passkey) -> Result<UserHandle64, PasskeyError> {
    let bytes = from_base64(&passkey.user_handle)?;
    let bytes = bytes.try_into().map_err(|_| PasskeyError::Corrupt)?;
    Ok(handle(bytes))
}

/// Generates the handle of a user who has no passkey yet. It says nothing about the person.
pub(super) fn new_user_handle(random: &Random) -> UserHandle64 {
    handle(random.bytes())
}

fn handle(bytes: [u8; USER_HANDLE_MAX_LEN]) -> UserHandle64 {
    let Ok(handle) = UserHandle64::decode(bytes);
    handle
}
