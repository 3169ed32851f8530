//! 「ユーザー同期設定」: [設定を保存] validates and stores the settings.

use std::time::Duration;

use domain::audit::changes_of_settings;
use domain::way_in::has_lasting_way_in;
use domain::{
    AuditAction, AuditEvent, Author, Connection, ConnectionEvent, CustomItemIds, Settings,
    Workspace, WorkspaceId, transition,
};
use smarthr::RequiredItems;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::custom_items::known_item_ids;
use crate::save_settings_error::SaveSettingsError;
use crate::tokens::SessionError;
use crate::update::ApplyError;

/// The message after saving, as in the manual.
pub const SAVED: &str = "SmartHRの設定を保存しました";

/// The time limit for deleting items that were created too late.
const LONGEST_CLEANUP: Duration = Duration::from_secs(10);

/// The settings to be saved, and what the audit trail says about them.
struct Saving<'a> {
    settings: &'a Settings,
    event: AuditEvent,
}

impl Connections {
    /// Saves the settings. For 特定のユーザー and 個別設定 it creates the custom items in SmartHR. Merely
    /// switching the sync off always works, even while SmartHR is down.
    ///
    /// # Errors
    /// [`SaveSettingsError`]; nothing was saved then.
    pub async fn save_settings(
        &self,
        workspace_id: &WorkspaceId,
        settings: &Settings,
        by: &Author,
        deadline: Instant,
    ) -> Result<(), SaveSettingsError> {
        let event = self.event(by, AuditAction::SettingsSaved);
        self.save(workspace_id, settings, event, deadline).await
    }

    /// Saves the settings as [`Connections::save_settings`] does, with this event in the audit trail.
    pub(crate) async fn save(
        &self,
        workspace_id: &WorkspaceId,
        settings: &Settings,
        event: AuditEvent,
        deadline: Instant,
    ) -> Result<(), SaveSettingsError> {
        let saving = Saving { settings, event };
        let (workspace, connection) = self.checked(workspace_id, settings).await?;
        let required = RequiredItems::of(settings).filter(|_| !only_pauses(&connection, settings));
        let Some(required) = required else {
            let stored = self.store_settings(workspace_id, connection, &saving, &workspace, None);
            // A large future, which lives on the heap.
            return Box::pin(stored).await;
        };
        let event = ConnectionEvent::ItemsBeingMade(connection.company.tenant_id.clone());
        let noted = self.apply(workspace_id, Some(connection), &event);
        let connection = Box::pin(noted).await?;
        let made = self.make_items(workspace_id, &connection, required, deadline);
        let made = Box::pin(made).await?;
        let before = connection.clone();
        let stored =
            self.store_settings(workspace_id, connection, &saving, &workspace, Some(&made));
        let stored = Box::pin(stored).await;
        if matches!(stored, Err(SaveSettingsError::NotConnected)) {
            self.take_back(workspace_id, &before, &made).await;
        }
        stored
    }

    /// Checks whether the settings can be saved.
    ///
    /// # Errors
    /// [`SaveSettingsError`], but for what only SmartHR can say.
    pub async fn check_settings(
        &self,
        workspace_id: &WorkspaceId,
        settings: &Settings,
    ) -> Result<(), SaveSettingsError> {
        self.checked(workspace_id, settings).await.map(drop)
    }

    /// Returns the workspace and the connection in which the settings can be saved.
    async fn checked(
        &self,
        workspace_id: &WorkspaceId,
        settings: &Settings,
    ) -> Result<(Workspace, Connection), SaveSettingsError> {
        let workspace = self.workspace(workspace_id).await?;
        let connection = self.store.connection(workspace_id).await?;
        let connection = connection.ok_or(SaveSettingsError::NotConnected)?;
        check(&connection, settings, &workspace)?;
        if !only_pauses(&connection, settings) {
            self.check_somebody_stays(workspace_id, &connection, settings)
                .await?;
        }
        Ok((workspace, connection))
    }

    /// Checks that a システム管理者 stays with a password whatever SmartHR says. Somebody who stops being one at
    /// the same moment is refused by their own change or by the run, which leave the last one alone.
    async fn check_somebody_stays(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        settings: &Settings,
    ) -> Result<(), SaveSettingsError> {
        if !settings.needs_sso() {
            return Ok(());
        }
        let sync = Some((&connection.company.tenant_id, settings));
        let admins = self.store.admins(workspace_id).await?;
        let mut admins = admins.iter();
        if admins.any(|user| has_lasting_way_in(user, sync)) {
            return Ok(());
        }
        Err(SaveSettingsError::NobodyStays)
    }

    /// Stores the settings with the ids of their items, and stops the runs under way when the sync is
    /// switched off.
    async fn store_settings(
        &self,
        workspace_id: &WorkspaceId,
        connection: Connection,
        Saving { settings, event }: &Saving<'_>,
        workspace: &Workspace,
        made: Option<&CustomItemIds>,
    ) -> Result<(), SaveSettingsError> {
        let company = connection.company.tenant_id.clone();
        let saved = ConnectionEvent::SettingsSaved {
            settings: (*settings).clone(),
            at: (self.clock)(),
        };
        let connection = self
            .update(workspace_id, Some(connection), |before| {
                let mut before = before.ok_or(SaveSettingsError::NotConnected)?.clone();
                check(&before, settings, workspace)?;
                if let Some(made) = made {
                    let event = ConnectionEvent::ItemsMade(company.clone(), made.clone());
                    before = transition(Some(&before), event)
                        .map_err(ApplyError::from)?
                        .connection;
                }
                let changes = changes_of_settings(&before.settings, settings, workspace);
                let next = transition(Some(&before), saved.clone()).map_err(ApplyError::from)?;
                let event = event.clone().with_changes(changes);
                Ok::<_, SaveSettingsError>(next.recorded([event]))
            })
            .await?;
        if connection.stopping {
            let event = ConnectionEvent::RunsStopped;
            self.apply(workspace_id, Some(connection), &event).await?;
        }
        Ok(())
    }

    /// Creates the items in SmartHR unless they exist.
    async fn make_items(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        required: RequiredItems,
        deadline: Instant,
    ) -> Result<CustomItemIds, SaveSettingsError> {
        let known = known_item_ids(connection.items.as_ref());
        let made = self
            .with_session(workspace_id, connection, deadline, |session| async move {
                session.ensure_items(required, known, deadline).await
            })
            .await;
        made.map_err(|error| match error {
            SessionError::Token(error) => error.into(),
            SessionError::Call(error) => {
                tracing::warn!(%error, "our items were not created");
                if error.is_transient() {
                    SaveSettingsError::Unavailable
                } else {
                    SaveSettingsError::Refused(error)
                }
            }
        })
    }

    /// Deletes items that were created while another request disconnected the workspace.
    async fn take_back(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        made: &CustomItemIds,
    ) {
        let deadline = Instant::now() + LONGEST_CLEANUP;
        let session = self
            .session(workspace_id, &connection.company, false, deadline)
            .await;
        if let Ok(session) = session
            && let Err(error) = session.delete_group(&made.group_id, deadline).await
        {
            tracing::warn!(%error, "items that were created too late stay in SmartHR");
        }
    }
}

/// Checks whether these settings may be saved.
fn check(
    connection: &Connection,
    settings: &Settings,
    workspace: &Workspace,
) -> Result<(), SaveSettingsError> {
    if !connection.is_established() {
        return Err(SaveSettingsError::NotConnected);
    }
    if only_pauses(connection, settings) {
        return Ok(());
    }
    if connection.needs_reconnect() {
        return Err(SaveSettingsError::ReconnectNeeded);
    }
    if workspace.group(&settings.default_group).is_none() {
        return Err(SaveSettingsError::UnknownGroup);
    }
    if !settings.invitation_texts.are_short() {
        return Err(SaveSettingsError::TextTooLong);
    }
    if settings.needs_sso() && !workspace.sso_configured() {
        return Err(SaveSettingsError::SsoNotConfigured);
    }
    Ok(())
}

/// Returns whether saving would only switch the sync off.
fn only_pauses(connection: &Connection, settings: &Settings) -> bool {
    let paused = Settings {
        enabled: false,
        ..connection.settings.clone()
    };
    *settings == paused
}
