//! The status of an invitation's URL.

use credentials::{MailedLink, TokenHash};
use domain::Invitation;
use jiff::Timestamp;
use storage::{Store, StoreError};

use crate::account::Account;

/// The status of an invitation's URL: what it can still be used for.
pub(super) enum InvitationStatus {
    /// The invited user may set a password.
    Open(Box<Account>),
    /// The URL belongs to the latest invitation, but its 72 hours are over.
    Expired {
        /// Whether the nightly run sends a new invitation. Manual:
        /// 「招待メールから72時間超えても登録されない場合はリンクが無効になり、午前2時の同期の際に自動で再招待メールが
        /// 送信されます。」
        comes_again: bool,
    },
    /// The invitation was accepted, replaced or withdrawn, or never existed. The answer does not reveal
    /// which.
    Unusable,
}

impl InvitationStatus {
    /// Returns the status of the URL with this path token at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(super) async fn of(store: &Store, token: &str, now: Timestamp) -> Result<Self, StoreError> {
        let Ok(url) = MailedLink::parse(token) else {
            return Ok(Self::Unusable);
        };
        let Some(account) = Account::load(store, &url.workspace_id, &url.user_id).await? else {
            return Ok(Self::Unusable);
        };
        let hash = TokenHash::of(&url.secret);
        // These are hashes of 256 random bits: the time of the comparison reveals nothing about the
        // secret.
        if account.hashes.invitation_hash.as_deref() != Some(hash.as_str()) {
            return Ok(Self::Unusable);
        }
        let Some(Invitation { expires_at, .. }) = account.user.invitation else {
            return Ok(Self::Unusable);
        };
        if expires_at <= now {
            let connection = store.connection_to_show(&url.workspace_id).await?;
            return Ok(Self::Expired {
                comes_again: connection.is_some_and(|it| it.sends_new_links_to(&account.user, now)),
            });
        }
        Ok(Self::Open(Box::new(account)))
    }
}
