//! Voids the links of password resets. They are not part of the users, so they are found by themselves.

use credentials::{PasswordReset, hex};
use domain::{AuditAction, AuditEvent, OpenCredential, UserId, WorkspaceId};
use jiff::Timestamp;
use storage::StoreError;
use storage::password_resets::password_reset_name;
use storage::versioned_records::Versioned;

use super::MAX_ATTEMPTS;
use crate::error::ProvisionError;
use crate::event::Voided;
use crate::handler::Provisioner;

impl Provisioner {
    /// Voids the user's link, if one was asked for within the hour, or counts it only. A mail that is
    /// still to be sent is dropped.
    ///
    /// # Errors
    /// [`ProvisionError`] when AWS does not answer, or the person asks for links all the time.
    pub(super) async fn void_password_reset(
        &self,
        id: &WorkspaceId,
        user_id: &UserId,
        now: Timestamp,
        voided: &mut Voided,
    ) -> Result<(), ProvisionError> {
        let name = password_reset_name(id, user_id);
        for _ in 0..MAX_ATTEMPTS {
            let stored = self.store.versioned::<PasswordReset>(&name).await?;
            if stored.value.expires_at() <= now {
                return Ok(());
            }
            if voided.preview {
                voided.add(OpenCredential::PasswordReset);
                return Ok(());
            }
            let emptied = Versioned {
                value: PasswordReset::default(),
                ..stored
            };
            let request_id = hex(&self.random.bytes::<8>());
            let action = AuditAction::CredentialsVoided;
            let event = AuditEvent::by_operator(request_id, action, now).about_user(user_id);
            let written = self
                .store
                .put_versioned_with(&name, &emptied, now, id, &[], &[event])
                .await;
            match written {
                Ok(()) => {
                    voided.add(OpenCredential::PasswordReset);
                    return Ok(());
                }
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ProvisionError::KeepsChanging)
    }
}
