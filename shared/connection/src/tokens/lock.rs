//! The token lock: one function at a time replaces or deletes a workspace's tokens.
//!
//! The lock holds for 90 seconds, of which SmartHR may take 45. A late holder does not store over newer tokens, and a
//! function that found the lock abandoned does not take a refused refresh for the end of the connection: the rotated
//! token may be on its way.

use std::time::Duration;

use domain::WorkspaceId;
use secrecy::ExposeSecret;
use storage::StoreError;
use storage::token_lock::{LockAttempt, TOKEN_LOCK};
use tokio::time::{Instant, sleep};

use crate::connections::Connections;

/// The time limit for requests to SmartHR under one lock: half of the lock's lifetime.
const LONGEST_WORK: Duration = Duration::from_secs(TOKEN_LOCK.as_secs().unsigned_abs() / 2);

/// The wait before another attempt to acquire a lock that another function has.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// The token lock of a workspace, while [`Connections::with_token_lock`] has it.
pub(crate) struct TokenLock {
    owner: String,
    /// Whether the previous owner did not release the lock and may still be using the tokens.
    pub(crate) was_abandoned: bool,
    /// The deadline for requests to SmartHR, so that their result is stored under the lock.
    pub(crate) work_until: Instant,
}

impl Connections {
    /// Runs `work` under the token lock and releases the lock, whatever the result. Returns `None`,
    /// without running `work`, when the lock cannot be acquired before `deadline`.
    ///
    /// # Errors
    /// The errors of `work`, and [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn with_token_lock<T, E: From<StoreError>, F>(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
        work: impl FnOnce(TokenLock) -> F,
    ) -> Result<Option<T>, E>
    where
        F: Future<Output = Result<T, E>> + Send,
    {
        let Some(lock) = self.acquire(workspace_id, deadline).await? else {
            return Ok(None);
        };
        let owner = lock.owner.clone();
        let result = work(lock).await;
        let released = self.store.release_token_lock(workspace_id, &owner).await;
        if let Err(error) = released {
            tracing::warn!(%error, "the token lock was not released and will expire");
        }
        result.map(Some)
    }

    async fn acquire(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
    ) -> Result<Option<TokenLock>, StoreError> {
        let owner = self.random.token().expose_secret().to_owned();
        loop {
            let work_until = Instant::now() + LONGEST_WORK;
            let attempt = self
                .store
                .acquire_token_lock(workspace_id, &owner, (self.clock)())
                .await?;
            if attempt != LockAttempt::Busy {
                return Ok(Some(TokenLock {
                    owner,
                    was_abandoned: attempt == LockAttempt::AcquiredAbandoned,
                    work_until,
                }));
            }
            if Instant::now() + RETRY_AFTER >= deadline {
                return Ok(None);
            }
            sleep(RETRY_AFTER).await;
        }
    }

    /// Renews the lock for its full lifetime. Returns whether it is still ours.
    pub(crate) async fn renew(
        &self,
        workspace_id: &WorkspaceId,
        lock: &TokenLock,
    ) -> Result<bool, StoreError> {
        self.store
            .renew_token_lock(workspace_id, &lock.owner, (self.clock)())
            .await
    }
}
