//! One at a time at a workspace's tokens.

use std::time::Duration;

use aws::StoreError;
use directory::WorkspaceId;
use secrecy::ExposeSecret;
use tokio::time::{Instant, sleep};

use crate::integrations::Integrations;

/// How long whoever finds the lock taken waits before looking again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The lock of a workspace's tokens, in this function's hands.
#[must_use = "the lock holds until it is given back"]
pub(crate) struct TokenLock {
    owner: String,
}

impl Integrations {
    /// Waits for the lock until `deadline`; `None` when others had it all the time.
    pub(crate) async fn lock_tokens(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
    ) -> Result<Option<TokenLock>, StoreError> {
        let owner = self.random.token().expose_secret().to_owned();
        loop {
            let taken = self
                .store
                .take_refresh_lock(workspace_id, &owner, (self.clock)())
                .await?;
            if taken {
                return Ok(Some(TokenLock { owner }));
            }
            if Instant::now() + LOOK_AGAIN >= deadline {
                return Ok(None);
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Gives the lock back. Should that fail, it ends by itself.
    pub(crate) async fn unlock_tokens(&self, workspace_id: &WorkspaceId, lock: TokenLock) {
        let given_back = self
            .store
            .give_refresh_lock_back(workspace_id, &lock.owner)
            .await;
        if let Err(error) = given_back {
            tracing::warn!(%error, "the token lock ends by itself");
        }
    }
}
