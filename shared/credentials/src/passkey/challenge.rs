//! The challenge that a browser's answer must be to.

use domain::time::later;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use webauthn_rp::bin::Decode;

use super::encoding::{from_base64, to_base64};
use super::error::PasskeyError;

/// How long an answer to a challenge is accepted.
pub const CHALLENGE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// A registration or an authentication that waits for the browser's answer.
#[derive(Clone, Debug)]
pub struct StartedCeremony {
    /// What the browser gets: the JSON of `PublicKeyCredentialCreationOptions` or
    /// `PublicKeyCredentialRequestOptions`.
    pub options: serde_json::Value,
    /// What the answer is checked against. It is kept beside the session that the options were made for, and
    /// deleted before the answer is looked at, so that there is one answer to it.
    pub challenge: String,
    /// The time from which no answer is accepted.
    pub expires_at: Timestamp,
}

/// What a challenge was made for. The answer to one does not answer the other.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ceremony {
    Registration,
    Authentication,
}

/// A challenge as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    ceremony: Ceremony,
    state: String,
    expires_at: Timestamp,
}

/// Returns what to send and what to keep.
pub(super) fn started(
    ceremony: Ceremony,
    options: &impl Serialize,
    state: &[u8],
    now: Timestamp,
) -> Result<StartedCeremony, PasskeyError> {
    let expires_at = later(now, CHALLENGE_LIFETIME);
    let kept = Kept {
        ceremony,
        state: to_base64(state),
        expires_at,
    };
    Ok(StartedCeremony {
        options: serde_json::to_value(options).map_err(|_| PasskeyError::Corrupt)?,
        challenge: serde_json::to_string(&kept).map_err(|_| PasskeyError::Corrupt)?,
        expires_at,
    })
}

/// Returns the state of a kept challenge, which is of this ceremony and has not expired.
pub(super) fn kept_state<S>(
    ceremony: Ceremony,
    challenge: &str,
    now: Timestamp,
) -> Result<S, PasskeyError>
where
    S: for<'a> Decode<Input<'a> = &'a [u8]>,
{
    let kept: Kept = serde_json::from_str(challenge).map_err(|_| PasskeyError::Corrupt)?;
    if kept.ceremony != ceremony {
        return Err(PasskeyError::OtherChallenge);
    }
    if now >= kept.expires_at {
        return Err(PasskeyError::Expired);
    }
    S::decode(&from_base64(&kept.state)?).map_err(|_| PasskeyError::Corrupt)
}
