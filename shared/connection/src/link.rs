//! A company that an admin has just allowed us to read becomes the linked one, or the one to confirm.

use std::time::Duration;

use domain::{Company, Connection, ConnectionState};
use domain::{
    DeletionDecisions, GroupId, LoginMethodSetting, Settings, SyncTarget, TenantId, UserId,
    Workspace, WorkspaceId,
};
use jiff::Timestamp;
use smarthr::{ApiAccess, Tokens};
use storage::StoreError;
use storage::secrets::StoredTokens;
use tokio::time::Instant;

use crate::callback::Outcome;
use crate::connections::Connections;
use crate::items;
use crate::tokens::to_store;
use crate::update::ATTEMPTS;

/// The group that a new link starts with, where the workspace has it.
const FIRST_DEFAULT_GROUP: &str = "閲覧権限グループ";

/// How long deleting what an unfinished disconnect left may take.
const CLEAN_UP: Duration = Duration::from_secs(15);

impl Connections {
    /// Keeps the tokens and what they are for.
    pub(crate) async fn link(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        company: Company,
        tokens: Tokens,
        deadline: Instant,
    ) -> Result<Outcome, StoreError> {
        let before = self.store.connection(workspace_id).await?;
        if before.is_some_and(|link| {
            link.state == ConnectionState::Disconnecting
                && link.company.tenant_id != company.tenant_id
        }) {
            // What is left of the link before has to go first: its tokens are the only way to do it.
            self.finish_disconnect(workspace_id, deadline).await?;
        }
        let Some(lock) = self.lock_tokens(workspace_id, deadline).await? else {
            return Ok(Outcome::Unavailable);
        };
        let outcome = self
            .link_with_lock(
                workspace_id,
                user_id,
                &company,
                &to_store(tokens),
                deadline.min(lock.work_until),
            )
            .await;
        self.unlock_tokens(workspace_id, lock).await;
        if let Err(error) = self
            .delete_tokens_of_left_companies(workspace_id, deadline)
            .await
        {
            // It is linked all the same.
            tracing::warn!(%error, "tokens of a company that was left are still to be deleted");
        }
        outcome
    }

    async fn link_with_lock(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        company: &Company,
        tokens: &StoredTokens,
        deadline: Instant,
    ) -> Result<Outcome, StoreError> {
        let workspace = self.workspace(workspace_id).await?;
        for _ in 0..ATTEMPTS {
            let before = self.store.connection(workspace_id).await?;
            if let Some(leaving) = &before
                && leaving.state == ConnectionState::Disconnecting
            {
                if leaving.company.tenant_id != company.tenant_id {
                    return Ok(Outcome::Unavailable);
                }
                self.keep(workspace_id, &company.tenant_id, tokens).await?;
                if !self.clean_up(leaving, company, tokens, deadline).await {
                    return Ok(Outcome::Unavailable);
                }
            }
            let next = next(
                before.as_ref(),
                company,
                user_id,
                &workspace,
                (self.clock)(),
            );
            let Next { mut link, outcome } = next;
            self.keep(workspace_id, &company.tenant_id, tokens).await?;
            match self.store.put_connection(workspace_id, &mut link).await {
                Ok(()) => {}
                Err(StoreError::Conflict(_)) => continue,
                Err(error) => return Err(error),
            }
            return Ok(outcome);
        }
        Err(StoreError::Conflict("the connection kept changing"))
    }

    /// Deletes what an unfinished disconnect left in the same company, with the new token. Whether
    /// nothing is left that we could delete.
    async fn clean_up(
        &self,
        leaving: &Connection,
        company: &Company,
        tokens: &StoredTokens,
        deadline: Instant,
    ) -> bool {
        let deadline = deadline.min(Instant::now() + CLEAN_UP);
        let session = self.smarthr.session(ApiAccess {
            access_token: tokens.access_token.clone(),
            subdomain: company.subdomain.clone(),
        });
        let cleaned = match session {
            Ok(session) => items::delete_from_smarthr(&session, leaving, deadline).await,
            Err(error) => Err(error),
        };
        match cleaned {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "our items in SmartHR were not deleted");
                !error.is_transient()
            }
        }
    }

    pub(crate) async fn workspace(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Workspace, StoreError> {
        self.store
            .workspace(workspace_id)
            .await?
            .ok_or(StoreError::Corrupt {
                what: "workspace",
                why: "it is not there".into(),
            })
    }
}

struct Next {
    link: Connection,
    outcome: Outcome,
}

/// What the record says after an admin linked `company`.
fn next(
    before: Option<&Connection>,
    company: &Company,
    user_id: &UserId,
    workspace: &Workspace,
    now: Timestamp,
) -> Next {
    if let Some(before) = before
        && before.company.tenant_id != company.tenant_id
    {
        let mut link = before.clone();
        link.pending = Some(company.clone());
        link.left_companies = left_after(Some(before), company);
        let outcome = Outcome::ConfirmNeeded {
            linked_name: before.company.name.clone(),
            new_name: company.name.clone(),
        };
        return Next { link, outcome };
    }
    let kept = before.filter(|before| {
        matches!(
            before.state,
            ConnectionState::Connected | ConnectionState::ReconnectNeeded
        )
    });
    let link = Connection {
        state: ConnectionState::Connected,
        company: company.clone(),
        linked_by: user_id.clone(),
        linked_at: now,
        settings: kept.map_or_else(|| first_settings(workspace), |kept| kept.settings.clone()),
        enabled_at: kept.and_then(|kept| kept.enabled_at),
        items: kept.and_then(|kept| kept.items.clone()),
        decisions: kept.map_or_else(DeletionDecisions::default, |kept| kept.decisions.clone()),
        pending: None,
        left_companies: left_after(before, company),
        stopping: kept.is_some_and(|kept| kept.stopping),
        notified_failures: None,
        version: before.map_or(0, |before| before.version),
    };
    let outcome = Outcome::Linked {
        company_name: company.name.clone(),
    };
    Next { link, outcome }
}

/// A company that waited to be confirmed gives way to what the admin linked now, and joins those left
/// before.
fn left_after(before: Option<&Connection>, company: &Company) -> Vec<TenantId> {
    let Some(before) = before else {
        return Vec::new();
    };
    let waited = before.pending.as_ref().map(|waited| &waited.tenant_id);
    let left = waited.into_iter().chain(&before.left_companies);
    left.filter(|tenant| **tenant != company.tenant_id)
        .cloned()
        .collect()
}

/// The settings of a new link: nothing is synced until an admin says so.
pub(crate) fn first_settings(workspace: &Workspace) -> Settings {
    let named = workspace
        .groups
        .iter()
        .find(|group| group.name == FIRST_DEFAULT_GROUP);
    let default_group = named.or(workspace.groups.first());
    Settings {
        enabled: false,
        target: SyncTarget::Everyone,
        login_method: LoginMethodSetting::Password,
        default_group: default_group.map_or_else(|| GroupId::new(""), |group| group.id.clone()),
    }
}
