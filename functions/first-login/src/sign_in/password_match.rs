//! Comparison of a typed password with the stored hashes of an account.

use credentials::{InitialPasswordHash, PasswordHash, verify_dummy};
use domain::{Credential, LoginMethod, Status};
use jiff::Timestamp;
use secrecy::SecretString;
use web::Problem;

use crate::account::Account;
use crate::password::hashing_failed;

/// The password of an account that the typed one equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PasswordMatch {
    /// The typed password is the one that the user chose.
    Chosen,
    /// The typed password is the initial password.
    Initial,
    /// The typed password is neither of them, or there is no account to sign in to.
    Wrong,
}

/// Compares a password with those of the account. Takes one argon2 hash in every case, so that the
/// response time reveals nothing.
///
/// # Errors
/// The 500 when a hash cannot be computed or read.
pub(super) async fn match_password(
    account: Option<&Account>,
    password: SecretString,
    now: Timestamp,
) -> Result<PasswordMatch, Problem> {
    let account = account.filter(|account| {
        account.user.status == Status::Active && account.user.login_method == LoginMethod::Password
    });
    if let Some(Account { user, hashes, .. }) = account
        && user.credential == Credential::Password
        && let Some(hash) = &hashes.password_hash
    {
        let right = PasswordHash::from(hash.clone()).verify(password).await;
        return match right {
            Ok(true) => Ok(PasswordMatch::Chosen),
            Ok(false) => Ok(PasswordMatch::Wrong),
            Err(error) => Err(hashing_failed(&error)),
        };
    }
    verify_dummy(password.clone())
        .await
        .map_err(|error| hashing_failed(&error))?;
    if let Some(Account { user, hashes, .. }) = account
        && let Credential::Initial { expires_at } = user.credential
        && now < expires_at
        && let Some(hash) = &hashes.initial_password_hash
        && InitialPasswordHash::from(hash.clone()).matches(&password)
    {
        return Ok(PasswordMatch::Initial);
    }
    Ok(PasswordMatch::Wrong)
}
