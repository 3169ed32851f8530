//! One at a time at a workspace's tokens.

use std::time::Duration;

use domain::WorkspaceId;
use secrecy::ExposeSecret;
use storage::StoreError;
use storage::token_lock::{LockAttempt, TOKEN_LOCK};
use tokio::time::{Instant, sleep};

use crate::connections::Connections;

/// How long SmartHR may take under one lock: half of its life.
const LONGEST_WORK: Duration = Duration::from_secs(TOKEN_LOCK.as_secs().unsigned_abs() / 2);

/// How long whoever finds the lock taken waits before looking again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The lock of a workspace's tokens, in this function's hands.
#[must_use = "the lock holds until it is given back"]
pub(crate) struct TokenLock {
    owner: String,
    /// Nobody gave it back before: whoever had it may still be at the tokens.
    pub(crate) was_abandoned: bool,
    /// When work with SmartHR must be over, so that what comes of it is stored under the lock.
    pub(crate) work_until: Instant,
}

impl Connections {
    /// Waits for the lock until `deadline`; `None` when others had it all the time.
    pub(crate) async fn lock_tokens(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
    ) -> Result<Option<TokenLock>, StoreError> {
        let owner = self.random.token().expose_secret().to_owned();
        loop {
            let work_until = Instant::now() + LONGEST_WORK;
            let found = self
                .store
                .acquire_token_lock(workspace_id, &owner, (self.clock)())
                .await?;
            if found != LockAttempt::Busy {
                return Ok(Some(TokenLock {
                    owner,
                    was_abandoned: found == LockAttempt::AcquiredAbandoned,
                    work_until,
                }));
            }
            if Instant::now() + LOOK_AGAIN >= deadline {
                return Ok(None);
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Makes the lock hold for as long again; gives whether it is still ours.
    pub(crate) async fn still_holds(
        &self,
        workspace_id: &WorkspaceId,
        lock: &TokenLock,
    ) -> Result<bool, StoreError> {
        self.store
            .renew_token_lock(workspace_id, &lock.owner, (self.clock)())
            .await
    }

    /// Gives the lock back. Should that fail, it ends by itself.
    pub(crate) async fn unlock_tokens(&self, workspace_id: &WorkspaceId, lock: TokenLock) {
        let given_back = self
            .store
            .release_token_lock(workspace_id, &lock.owner)
            .await;
        if let Err(error) = given_back {
            tracing::warn!(%error, "the token lock ends by itself");
        }
    }
}
