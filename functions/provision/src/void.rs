//! Voids open credentials: invitations, links to set or reset a password and initial passwords stop
//! working at once. Users stay. A user who is left without a credential shows as expired, and gets a new
//! invitation in the next run or from an admin. What was voided is not open any more, so an invocation
//! that is cut off is completed by the next one.

mod password_resets;

use credentials::hex;
use domain::{AuditAction, AuditEvent, OpenCredential, User, WorkspaceId};
use jiff::Timestamp;
use storage::StoreError;
use storage::transaction::{Commit, CredentialHashChanges, MAX_TRANSACTION_ITEMS, UserWrite};

use crate::error::ProvisionError;
use crate::event::{VoidEvent, VoidIn, Voided};
use crate::handler::Provisioner;

/// How often one user or password reset is read again because somebody else changed it in between.
const MAX_ATTEMPTS: u32 = 5;

impl Provisioner {
    /// Voids the open credentials, or counts them only.
    ///
    /// # Errors
    /// [`ProvisionError`] when there is no such workspace, or AWS does not answer.
    pub(crate) async fn void(
        &self,
        event: VoidEvent,
        now: Timestamp,
    ) -> Result<Voided, ProvisionError> {
        let workspaces = match event.void_open_credentials {
            VoidIn::All => self.store.workspace_ids().await?,
            VoidIn::Workspace(id) => {
                if self.store.workspace(&id).await?.is_none() {
                    return Err(ProvisionError::NoSuchWorkspace(id));
                }
                vec![id]
            }
        };
        let mut voided = Voided {
            preview: event.preview,
            workspaces: workspaces.len(),
            ..Voided::default()
        };
        let resets = self.store.password_resets().await?;
        for workspace_id in &workspaces {
            self.void_of_workspace(workspace_id, now, &mut voided)
                .await?;
            for (_, user_id) in resets.iter().filter(|(id, _)| id == workspace_id) {
                self.void_password_reset(workspace_id, user_id, now, &mut voided)
                    .await?;
            }
            tracing::info!(%workspace_id, preview = event.preview, "open credentials voided");
        }
        Ok(voided)
    }

    async fn void_of_workspace(
        &self,
        id: &WorkspaceId,
        now: Timestamp,
        voided: &mut Voided,
    ) -> Result<(), ProvisionError> {
        let page_size = i32::try_from(MAX_TRANSACTION_ITEMS).ok();
        let mut after = None;
        loop {
            let (mut users, next) = self.store.users_page(id, after, page_size).await?;
            users.retain(|user| voided.count(user, now) || user.has_credentials_to_void(now));
            if !voided.preview {
                self.void_users(id, users, now).await?;
            }
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        for deleted in self.store.deleted_users(id).await? {
            if voided.count(&deleted.user, now) && !voided.preview {
                let user_id = &deleted.user.user_id;
                self.store
                    .void_deleted_initial_password(id, user_id, now)
                    .await?;
            }
        }
        Ok(())
    }

    /// Voids the credentials of these users in one transaction, or one by one when somebody else
    /// changed one of them.
    async fn void_users(
        &self,
        id: &WorkspaceId,
        users: Vec<User>,
        now: Timestamp,
    ) -> Result<(), ProvisionError> {
        let user_ids: Vec<_> = users.iter().map(|user| user.user_id.clone()).collect();
        match self.commit_void(id, users, now).await {
            Err(StoreError::Conflict(_)) => {}
            written => return Ok(written?),
        }
        for user_id in user_ids {
            let mut tried = 0;
            while let Some(user) = self.store.user(id, &user_id).await?
                && user.has_credentials_to_void(now)
            {
                if tried == MAX_ATTEMPTS {
                    return Err(ProvisionError::KeepsChanging);
                }
                tried += 1;
                match self.commit_void(id, vec![user], now).await {
                    Ok(()) | Err(StoreError::Conflict(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    async fn commit_void(
        &self,
        id: &WorkspaceId,
        users: Vec<User>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if users.is_empty() {
            return Ok(());
        }
        // One event a transaction: it has no room for one a user.
        let request_id = hex(&self.random.bytes::<8>());
        let event = AuditEvent::by_operator(request_id, AuditAction::CredentialsVoided, now);
        let commit = Commit {
            audit: vec![event],
            users: users
                .into_iter()
                .map(|user| voided_user(user, now))
                .collect(),
            ..Commit::default()
        };
        self.store.commit(id, &commit, now).await
    }
}

/// Returns the write that voids the user's credentials. Sessions that an initial password began end.
fn voided_user(before: User, now: Timestamp) -> UserWrite {
    let mut after = before.clone();
    after.void_open_credentials(now);
    after.version += 1;
    let end_sessions = after.credential != before.credential;
    UserWrite::Change {
        before,
        after,
        hashes: CredentialHashChanges {
            end_sessions,
            ..CredentialHashChanges::default()
        },
    }
}

impl Voided {
    /// Counts the open credentials of a user; returns whether there are any.
    fn count(&mut self, user: &User, now: Timestamp) -> bool {
        let mut any = false;
        for credential in user.open_credentials(now) {
            any = true;
            self.add(credential);
        }
        any
    }

    fn add(&mut self, credential: OpenCredential) {
        match credential {
            OpenCredential::Invitation => self.invitations += 1,
            OpenCredential::InitialPassword => self.initial_passwords += 1,
            OpenCredential::PasswordReset => self.password_resets += 1,
        }
    }
}

#[cfg(test)]
mod tests;
