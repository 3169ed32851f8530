//! ユーザー同期設定: [設定を保存]

use std::time::Duration;

use domain::{Connection, ConnectionState};
use domain::{Settings, TenantId, Workspace, WorkspaceId};
use smarthr::{ItemIds, SmartHrError, WantedItems};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::items::{self, custom_item_ids};
use crate::tokens::TokenError;

/// Manual: what is shown after saving.
pub const SAVED: &str = "SmartHRの設定を保存しました";

/// How long items that nobody wants any more may take to be deleted.
const CLEAN_UP: Duration = Duration::from_secs(10);

/// Why the settings were not saved. [`SaveError::reason`] is for the admin.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// There is no link to have settings.
    #[error("not linked")]
    NotLinked,
    /// SmartHR refuses us: until an admin links again, the sync can only be switched off.
    #[error("an admin must link again first")]
    RelinkNeeded,
    /// The workspace has no such group.
    #[error("the default group does not exist")]
    UnknownGroup,
    /// SSO or 個別設定 while the workspace's SSO is not configured.
    #[error("SSO is not configured")]
    SsoNotConfigured,
    /// SmartHR does not let us make our items.
    #[error("SmartHR refuses our items: {0}")]
    Refused(SmartHrError),
    /// SmartHR does not answer now.
    #[error("SmartHR does not answer")]
    Unavailable,
    /// Database or secrets.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SaveError {
    /// What the admin reads; `None` when it is no answer to the admin's request but our own trouble.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::NotLinked => Some("SmartHRと連携されていません。"),
            Self::RelinkNeeded => Some(
                "SmartHRとの再連携が必要です。[連携する]から連携し直してください(同期を無効にすることはできます)。",
            ),
            Self::UnknownGroup => Some("選択したデフォルトグループは存在しません。"),
            Self::SsoNotConfigured => Some(
                "ワークスペースのSSOが設定されていないため、認証方法に「SSO」「個別設定」は選択できません。このまま保存すると、全員がログインできなくなるおそれがあります。",
            ),
            Self::Refused(_) => Some(
                "SmartHRに項目を作成できませんでした。SmartHRでKiteRaアプリの権限を確認してください。",
            ),
            Self::Unavailable => Some(
                "SmartHRに接続できないため、保存できませんでした。時間をおいてもう一度お試しください。",
            ),
            Self::Store(_) => None,
        }
    }
}

impl From<TokenError> for SaveError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Refused => Self::RelinkNeeded,
            TokenError::Unavailable => Self::Unavailable,
            TokenError::Store(error) => Self::Store(error),
        }
    }
}

impl Connections {
    /// Saves the settings; for 特定のユーザー and 個別設定 the items exist in SmartHR afterwards. Switching
    /// the sync off and changing nothing else always works, SmartHR or not.
    ///
    /// # Errors
    /// [`SaveError`]; nothing was saved then.
    pub async fn save_settings(
        &self,
        workspace_id: &WorkspaceId,
        settings: &Settings,
        deadline: Instant,
    ) -> Result<(), SaveError> {
        let workspace = self.workspace(workspace_id).await?;
        let link = self.store.connection(workspace_id).await?;
        let link = link.ok_or(SaveError::NotLinked)?;
        check(&link, settings, &workspace)?;
        let wanted = items::wanted(settings).filter(|_| !only_pauses(&link, settings));
        let Some(wanted) = wanted else {
            let stopping = self.write(workspace_id, settings, &workspace, None).await?;
            return self.stop_if(stopping, workspace_id).await;
        };
        let tenant = &link.company.tenant_id;
        let made = self
            .make_items(workspace_id, tenant, wanted, deadline)
            .await?;
        let written = self
            .write(workspace_id, settings, &workspace, Some((tenant, &made)))
            .await;
        if matches!(written, Err(SaveError::NotLinked)) {
            self.take_back(workspace_id, &link, &made).await;
        }
        self.stop_if(written?, workspace_id).await
    }

    /// A run under way ends when an admin switches the sync off.
    async fn stop_if(&self, stopping: bool, workspace_id: &WorkspaceId) -> Result<(), SaveError> {
        if stopping {
            self.stop_runs(workspace_id).await?;
            self.update(workspace_id, |link| {
                link.stopping = false;
                Ok::<(), StoreError>(())
            })
            .await?;
        }
        Ok(())
    }

    /// Gives whether runs under way are to be stopped.
    async fn write(
        &self,
        workspace_id: &WorkspaceId,
        settings: &Settings,
        workspace: &Workspace,
        made: Option<(&TenantId, &ItemIds)>,
    ) -> Result<bool, SaveError> {
        self.update(workspace_id, |link| {
            check(link, settings, workspace)?;
            if let Some((tenant, made)) = made {
                if link.company.tenant_id != *tenant {
                    return Err(SaveError::NotLinked);
                }
                items::note_made(link, made);
            }
            if settings.enabled && !link.settings.enabled {
                link.enabled_at = Some((self.clock)());
            }
            link.stopping = (link.stopping || link.settings.enabled) && !settings.enabled;
            link.settings = settings.clone();
            Ok(link.stopping)
        })
        .await?
        .ok_or(SaveError::NotLinked)
    }

    /// Makes the items exist in SmartHR. The record says so beforehand.
    async fn make_items(
        &self,
        workspace_id: &WorkspaceId,
        tenant: &TenantId,
        wanted: WantedItems,
        deadline: Instant,
    ) -> Result<ItemIds, SaveError> {
        let known = self
            .update(workspace_id, |link| {
                let linked = link.state == ConnectionState::Connected;
                if !linked || link.company.tenant_id != *tenant {
                    return Err(SaveError::NotLinked);
                }
                items::note_being_made(link);
                Ok(custom_item_ids(link))
            })
            .await?
            .ok_or(SaveError::NotLinked)?;
        let mut refresh = false;
        loop {
            let session = self
                .session_for(workspace_id, tenant, refresh, deadline)
                .await?;
            match session.ensure_items(wanted, known.as_ref(), deadline).await {
                Ok(made) => return Ok(made),
                Err(SmartHrError::Unauthorized) if !refresh => refresh = true,
                Err(error) => {
                    tracing::warn!(%error, "our items were not made");
                    return Err(if error.is_transient() {
                        SaveError::Unavailable
                    } else {
                        SaveError::Refused(error)
                    });
                }
            }
        }
    }

    /// Somebody disconnected while the items were made: what came too late goes again.
    async fn take_back(&self, workspace_id: &WorkspaceId, link: &Connection, made: &ItemIds) {
        let deadline = Instant::now() + CLEAN_UP;
        let session = self
            .session_with(workspace_id, &link.company, false, deadline)
            .await;
        if let Ok(session) = session
            && let Err(error) = session.delete_group(&made.group_id, deadline).await
        {
            tracing::warn!(%error, "items that came too late stay in SmartHR");
        }
    }
}

/// Whether these settings may be saved now.
fn check(link: &Connection, settings: &Settings, workspace: &Workspace) -> Result<(), SaveError> {
    match link.state {
        ConnectionState::Connected | ConnectionState::ReconnectNeeded => {}
        ConnectionState::Disconnecting | ConnectionState::Disconnected => {
            return Err(SaveError::NotLinked);
        }
    }
    if only_pauses(link, settings) {
        return Ok(());
    }
    if link.state == ConnectionState::ReconnectNeeded {
        return Err(SaveError::RelinkNeeded);
    }
    let group_exists = workspace
        .groups
        .iter()
        .any(|group| group.id == settings.default_group);
    if !group_exists {
        return Err(SaveError::UnknownGroup);
    }
    if settings.needs_sso() && !workspace.sso_configured {
        return Err(SaveError::SsoNotConfigured);
    }
    Ok(())
}

/// Whether saving would do nothing but switch the sync off.
fn only_pauses(link: &Connection, settings: &Settings) -> bool {
    let paused = Settings {
        enabled: false,
        ..link.settings.clone()
    };
    *settings == paused
}
