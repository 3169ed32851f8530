//! The log of refused sign-ins: a line for each, with a hash of the account, the client's network, the reason and the method.
//! The metric `SignInsRefused` counts them.

use credentials::AccountHashKey;
use jiff::{SignedDuration, Timestamp};
use lambda::metrics::Metrics;
use serde::{Deserialize, Serialize};
use storage::StoreError;
use web::Problem;

use crate::app::App;

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
pub(crate) enum Method {
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
}

/// Logs a refused sign-in and counts it. What the server failed at is no refusal, and neither is a new password that breaks
/// the rules.
pub(crate) async fn log_problem(
    app: &App,
    (method, account): (Method, &str),
    network: &str,
    problem: &Problem,
    now: Timestamp,
) {
    if !problem.status.is_server_error() && problem.code != "password_refused" {
        log(app, (method, account), network, problem.code, now).await;
    }
}

/// Logs a sign-in that was refused for this reason, and counts it. `account` is what the sign-in throttle counts by: what was
/// typed, whether or not there is such an account. So the hash costs no look-up and tells nothing about that.
pub(crate) async fn log(
    app: &App,
    (method, account): (Method, &str),
    network: &str,
    reason: &str,
    now: Timestamp,
) {
    let account = match key(app, now).await {
        Ok(key) => key.hash(account),
        Err(error) => {
            tracing::error!(%error, "an account could not be hashed for the log");
            "unknown".to_owned()
        }
    };
    tracing::warn!(account, network, reason, ?method, "a sign-in was refused");
    Metrics::new(now).count("SignInsRefused", 1_u32).print();
}

/// Returns the stored key; the first refusal makes it.
async fn key(app: &App, now: Timestamp) -> Result<AccountHashKey, StoreError> {
    let mut stored = app.store.counter::<StoredKey>(KEY).await?;
    if stored.value.secret.is_empty() {
        let key = AccountHashKey::generate(&app.random);
        stored.value.secret = key.expose_to_store().to_owned();
        let until = domain::time::later(now, KEY_LIFE);
        match app.store.put_counter(KEY, &stored, until).await {
            Err(StoreError::Conflict(_)) => stored = app.store.counter(KEY).await?,
            written => written?,
        }
    }
    Ok(AccountHashKey::from_stored(stored.value.secret.into()))
}
