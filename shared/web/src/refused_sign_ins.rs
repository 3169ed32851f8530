//! The log of refused sign-ins: a line for each, with a hash of the account, the client's network, the reason and the
//! method. The metric `SignInsRefused` counts them, and each sign-in that was not refused as 0.
//!
//! The hash has a key, which the first refusal makes and which is replaced every 90 days. So the log can be searched
//! for an attack, and not for a person.

use credentials::{AccountHashKey, Random};
use jiff::{SignedDuration, Timestamp};
use lambda::metrics::Metrics;
use serde::{Deserialize, Serialize};
use storage::{Store, StoreError};

/// The name that the key of the accounts' hashes is stored under.
const KEY: &str = "account-hash-key";

/// How long a key is used before it is deleted and the next one is made: as long as the log is kept.
const KEY_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The key as stored.
#[derive(Default, Serialize, Deserialize)]
struct StoredKey {
    secret: String,
}

/// The way in that was refused.
#[derive(Clone, Copy, Debug)]
pub enum SignInMethod {
    /// An e-mail address with a password.
    Email,
    /// An employee code with a password.
    EmployeeCode,
    /// The URL of an invitation.
    Invitation,
    /// The URL of a password reset.
    PasswordReset,
    /// The request for a password reset.
    ForgotPassword,
    /// The replacement of an initial password by somebody who signed in with it.
    InitialPassword,
    /// The change of a password by somebody who is signed in.
    PasswordChange,
    /// The confirmation of somebody who is signed in.
    Confirmation,
    /// The second factor, by somebody who gave the password.
    SecondFactor,
    /// The company's identity provider.
    SingleSignOn,
}

/// A sign-in that was refused.
#[derive(Clone, Copy, Debug)]
pub struct RefusedSignIn<'a> {
    /// The way in.
    pub method: SignInMethod,
    /// What was typed, whether or not there is such an account, or what the identity provider said. So the hash costs
    /// no look-up and tells nothing about that.
    pub account: &'a str,
    /// The client's network.
    pub network: &'a str,
    /// The reason, in snake_case.
    pub reason: &'a str,
}

/// Logs a refused sign-in, and counts it.
pub async fn log_refused_sign_in(
    store: &Store,
    random: &Random,
    refused: RefusedSignIn<'_>,
    now: Timestamp,
) {
    let account = match key(store, random, now).await {
        Ok(key) => key.hash(refused.account),
        Err(error) => {
            tracing::error!(%error, "an account could not be hashed for the log");
            "unknown".to_owned()
        }
    };
    let RefusedSignIn {
        method,
        network,
        reason,
        ..
    } = refused;
    tracing::warn!(account, network, reason, ?method, "a sign-in was refused");
    Metrics::new(now).count("SignInsRefused", 1_u32).print();
}

/// Returns the stored key; the first refusal makes it.
async fn key(store: &Store, random: &Random, now: Timestamp) -> Result<AccountHashKey, StoreError> {
    let mut stored = store.versioned::<StoredKey>(KEY).await?;
    if stored.value.secret.is_empty() {
        let key = AccountHashKey::generate(random);
        stored.value.secret = key.expose_to_store().to_owned();
        let until = domain::time::later(now, KEY_LIFE);
        match store.put_versioned(KEY, &stored, until).await {
            Err(StoreError::Conflict(_)) => stored = store.versioned(KEY).await?,
            written => written?,
        }
    }
    Ok(AccountHashKey::from_stored(stored.value.secret.into()))
}
