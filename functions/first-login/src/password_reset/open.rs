//! Whether the link of a password reset works.

use accounts::check_may_reset_password;
use credentials::{MailedLink, PasswordReset};
use jiff::Timestamp;
use storage::password_resets::password_reset_name;
use storage::{Store, StoreError};

use crate::account::Account;

/// Returns the account whose password the link with this path token resets at `now`; `None` when the
/// link does not work, for whatever reason.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(super) async fn open_account(
    store: &Store,
    token: &str,
    now: Timestamp,
) -> Result<Option<Account>, StoreError> {
    let Ok(url) = MailedLink::parse(token) else {
        return Ok(None);
    };
    let name = password_reset_name(&url.workspace_id, &url.user_id);
    let reset = store.versioned::<PasswordReset>(&name).await?.value;
    let account = Account::load(store, &url.workspace_id, &url.user_id).await?;
    Ok(account.filter(|account| {
        let epoch = account.hashes.session_epoch;
        let email = account.user.email.as_ref();
        check_may_reset_password(&account.user).is_ok()
            && email.is_some_and(|email| reset.opens(&url.secret, email, epoch, now))
    }))
}
