//! Carries an event out. The same event, sent again with the workspace_id, continues where it was
//! interrupted and changes nothing more.

use credentials::{DerivationKey, Random, hex};
use domain::audit::changes_of_workspace;
use domain::{AuditAction, AuditEvent, Workspace, WorkspaceId};
use jiff::Timestamp;
use storage::Store;
use storage::queues::Queues;

use crate::check::{Checked, check};
use crate::error::ProvisionError;
use crate::event::{Answer, Event, Provisioned};
use crate::workspace::{new_workspace_id, workspace};

/// The clients that provisioning uses.
#[derive(Debug)]
pub(crate) struct Provisioner {
    pub(crate) store: Store,
    pub(crate) key: DerivationKey,
    pub(crate) random: Random,
}

/// Carries an event out and sends its mails to the queue.
///
/// # Errors
/// [`ProvisionError`], which the operator reads.
pub(crate) async fn handle(
    provisioner: &Provisioner,
    queues: &Queues,
    event: serde_json::Value,
) -> Result<Answer, ProvisionError> {
    let now = lambda::clock::now();
    if event.get("void_open_credentials").is_some() {
        let event = serde_json::from_value(event).map_err(ProvisionError::Unreadable)?;
        return Ok(Answer::Voided(provisioner.void(event, now).await?));
    }
    let (answer, mail_ids) = if event.get("new_link").is_some() {
        let event = serde_json::from_value(event).map_err(ProvisionError::Unreadable)?;
        provisioner.new_link(event, now).await?
    } else {
        let event = serde_json::from_value(event).map_err(ProvisionError::Unreadable)?;
        provisioner.provision(event, now).await?
    };
    queues.send_mails(&answer.workspace_id, &mail_ids).await?;
    Ok(Answer::Provisioned(answer))
}

impl Provisioner {
    /// Creates or updates the workspace and its administrator. Returns the answer and the ids of the
    /// waiting mails.
    ///
    /// # Errors
    /// [`ProvisionError`] when the event is not valid, or AWS does not answer.
    pub(crate) async fn provision(
        &self,
        event: Event,
        now: Timestamp,
    ) -> Result<(Provisioned, Vec<String>), ProvisionError> {
        let known_id = event.workspace_id.clone();
        let before = match &known_id {
            Some(id) => Some(
                self.store
                    .workspace(id)
                    .await?
                    .ok_or_else(|| ProvisionError::NoSuchWorkspace(id.clone()))?,
            ),
            None => None,
        };
        let checked = check(event, before.as_ref())?;
        let holder = self
            .store
            .workspace_of_company_code(&checked.company_code)
            .await?;
        if let Some(workspace_id) = holder
            && known_id.as_ref() != Some(&workspace_id)
        {
            return Err(ProvisionError::Exists {
                company_code: checked.company_code,
                workspace_id,
            });
        }
        let id = known_id.unwrap_or_else(|| new_workspace_id(&self.random));
        let parent = self.parent(&id, &checked, before.as_ref()).await?;
        let workspace = workspace(id, &checked, parent, before.as_ref(), &self.random);
        let request_id = hex(&self.random.bytes::<8>());
        let action = AuditAction::WorkspaceProvisioned;
        let changes = changes_of_workspace(before.as_ref(), &workspace);
        let event =
            AuditEvent::by_operator(request_id.clone(), action, now).with_changes(changes.clone());
        self.store.put_workspace(&workspace, &[event]).await?;

        let (administrator, mail_ids) = match &checked.administrator {
            Some(wanted) => {
                let action = AuditAction::AdministratorProvisioned;
                let event = AuditEvent::by_operator(request_id, action, now);
                let (user_id, mail_ids) = self.administrator(&workspace, wanted, event).await?;
                (Some(user_id), mail_ids)
            }
            None => (None, Vec::new()),
        };
        tracing::info!(workspace_id = %workspace.workspace_id, "workspace provisioned");
        let answer = Provisioned {
            workspace_id: workspace.workspace_id,
            system_administrator_user_id: administrator,
            changes,
        };
        Ok((answer, mail_ids))
    }

    /// Returns the workspace of the parent company: that of the event, else the one of before.
    async fn parent(
        &self,
        id: &WorkspaceId,
        checked: &Checked,
        before: Option<&Workspace>,
    ) -> Result<Option<WorkspaceId>, ProvisionError> {
        match &checked.parent_company_code {
            None => Ok(before.and_then(|before| before.parent_workspace_id.clone())),
            Some(code) if code.is_empty() => Ok(None),
            Some(code) => {
                let parent = self.store.workspace_of_company_code(code).await?;
                let other = parent.filter(|parent| parent != id);
                let other = other.ok_or_else(|| ProvisionError::NoSuchParent(code.clone()));
                other.map(Some)
            }
        }
    }
}
