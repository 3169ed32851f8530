//! Our webhook in SmartHR, by which it reports that people changed (即時反映): registered when a company is connected,
//! and looked after by each night.
//!
//! The record says that a webhook is being registered before anything is made. A function that finds that later deletes
//! what was made, and registers another one, whose address and secret are new. Of webhooks at SmartHR, ours are those
//! under our address; one that belongs to another workspace of the same company has a registration that says so, and
//! stays.
//!
//! Each night looks after it by one request: one that SmartHR disabled is enabled again, which the run's entry says,
//! and one that is gone, or whose secret we lost, is registered again. Without the right to webhooks (403) everything
//! else works, and the page says what to do. Nothing about the webhook fails a night. When 即時反映 is switched off in
//! the settings, the webhook stays and its reports are taken, since SmartHR would disable it otherwise; runs ignore
//! them.

use std::time::Duration;

use credentials::TokenHash;
use domain::{Connection, ConnectionEvent, Webhook, WebhookIds, WorkspaceId};
use secrecy::ExposeSecret;
use smarthr::{Session, SmartHrError};
use storage::StoreError;
use storage::webhooks::WebhookRegistration;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::update::ApplyError;

/// The time limit for all requests about the webhook: neither an admin nor a night waits longer for it.
const LONGEST_WORK: Duration = Duration::from_secs(10);

/// Why the webhook may not be as it should be.
#[derive(Debug, thiserror::Error)]
enum WebhookError {
    #[error(transparent)]
    SmartHr(#[from] SmartHrError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The connection changed meanwhile, or another function registered a webhook.
    #[error("the connection changed meanwhile")]
    Overtaken,
}

impl From<ApplyError> for WebhookError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Store(error) => Self::Store(error),
            ApplyError::Transition(_) => Self::Overtaken,
        }
    }
}

impl Connections {
    /// Makes SmartHR report changes of people to us: registers our webhook, or looks whether it is there, by one
    /// request, and enables it if SmartHR has disabled it. Does nothing while 即時反映 is switched off. Returns whether
    /// it was enabled again.
    ///
    /// A failure is only logged: the next night tries again, and syncs everybody as well.
    pub async fn ensure_webhook(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        session: &Session,
        deadline: Instant,
    ) -> bool {
        if !connection.settings.immediate {
            return false;
        }
        let deadline = deadline.min(Instant::now() + LONGEST_WORK);
        let mut connection = connection.clone();
        let ensured = self.try_ensure_webhook(workspace_id, &mut connection, session, deadline);
        // A large future, which lives on the heap.
        let error = match Box::pin(ensured).await {
            Ok(is_enabled_again) => return is_enabled_again,
            Err(WebhookError::SmartHr(SmartHrError::Forbidden { code })) => {
                tracing::info!(code, "SmartHR gives us no right to webhooks");
                self.note_forbidden(workspace_id, &mut connection)
                    .await
                    .err()
            }
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            tracing::warn!(%error, "the webhook at SmartHR may not be as it should be");
        }
        false
    }

    /// As [`Connections::ensure_webhook`], but fails. Returns whether it was enabled again.
    async fn try_ensure_webhook(
        &self,
        workspace_id: &WorkspaceId,
        connection: &mut Connection,
        session: &Session,
        deadline: Instant,
    ) -> Result<bool, WebhookError> {
        if let Some(Webhook::Registered(ids)) = connection.webhook.clone()
            && let Some(found) = session.webhook(&ids.webhook_id, deadline).await?
            && found.url == Some(self.webhook_address(&ids.path_id))
        {
            if found.is_enabled() {
                return Ok(false);
            }
            // One whose reports we refuse would only be disabled again.
            let registration = self.store.webhook_registration(&ids.path_id).await?;
            if registration.is_some_and(|it| it.workspace_id == *workspace_id) {
                let since = found.disabled_at;
                tracing::warn!(
                    since,
                    "SmartHR had disabled our webhook; it is enabled again"
                );
                let enabled = session.enable_webhook(&ids.webhook_id, deadline).await?;
                if enabled.is_enabled() {
                    let ids = WebhookIds {
                        enabled_again_at: Some((self.clock)()),
                        ..ids
                    };
                    let noted = Webhook::Registered(ids);
                    self.note_webhook(workspace_id, connection, noted).await?;
                    return Ok(true);
                }
            }
        }
        self.register_webhook(workspace_id, connection, session, deadline)
            .await?;
        Ok(false)
    }

    /// Registers a webhook with a new address and a new secret, in place of all that this workspace had.
    async fn register_webhook(
        &self,
        workspace_id: &WorkspaceId,
        connection: &mut Connection,
        session: &Session,
        deadline: Instant,
    ) -> Result<(), WebhookError> {
        self.delete_former_webhooks(workspace_id, connection, session, deadline)
            .await?;
        self.forget_webhook(connection).await?;
        let path_id = self.random.token().expose_secret().to_owned();
        let being_registered = Webhook::BeingRegistered {
            path_id: path_id.clone(),
        };
        self.note_webhook(workspace_id, connection, being_registered)
            .await?;
        let secret = self.random.token();
        // Stored first: SmartHR may report before its answer arrives.
        let registration = WebhookRegistration {
            workspace_id: workspace_id.clone(),
            tenant_id: connection.company.tenant_id.clone(),
            secret_hash: TokenHash::of(&secret).as_str().to_owned(),
        };
        self.store
            .put_webhook_registration(&path_id, &registration)
            .await?;
        let address = self.webhook_address(&path_id);
        let created = session.create_webhook(&address, &secret, deadline).await?;
        let ids = WebhookIds {
            path_id: path_id.clone(),
            webhook_id: created.id.clone(),
            enabled_again_at: None,
        };
        let registered = Webhook::Registered(ids);
        let noted = self
            .note_webhook(workspace_id, connection, registered)
            .await;
        if matches!(noted, Err(WebhookError::Overtaken)) {
            self.store.delete_webhook_registration(&path_id).await?;
            session.delete_webhook(&created.id, deadline).await?;
        }
        noted
    }

    /// Deletes the webhooks that this workspace has at SmartHR, whether its record knows them or not.
    async fn delete_former_webhooks(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        session: &Session,
        deadline: Instant,
    ) -> Result<(), WebhookError> {
        let known = connection.webhook.as_ref();
        if let Some(Webhook::Registered(ids)) = known {
            // It may be under an address that was ours before.
            session.delete_webhook(&ids.webhook_id, deadline).await?;
        }
        let known = known.and_then(Webhook::path_id);
        let ours = self.webhook_address("");
        for webhook in session.webhooks(deadline).await? {
            let url = webhook.url.as_deref();
            let Some(path_id) = url.and_then(|url| url.strip_prefix(&ours)) else {
                continue;
            };
            let registration = self.store.webhook_registration(path_id).await?;
            let owner = registration.map(|registration| registration.workspace_id);
            if owner.as_ref().is_some_and(|owner| owner != workspace_id) {
                continue;
            }
            // The record finds the known one again; another would be left behind.
            if owner.is_some() && known != Some(path_id) {
                self.store.delete_webhook_registration(path_id).await?;
            }
            session.delete_webhook(&webhook.id, deadline).await?;
        }
        Ok(())
    }

    /// Deletes the webhook of a connection from SmartHR.
    ///
    /// # Errors
    /// [`SmartHrError`] when SmartHR refuses or does not answer.
    pub(crate) async fn delete_webhook(
        &self,
        session: &Session,
        webhook: &Webhook,
        deadline: Instant,
    ) -> Result<(), SmartHrError> {
        match webhook {
            Webhook::Registered(ids) => session.delete_webhook(&ids.webhook_id, deadline).await,
            Webhook::BeingRegistered { path_id } => {
                let address = Some(self.webhook_address(path_id));
                for webhook in session.webhooks(deadline).await? {
                    if webhook.url == address {
                        session.delete_webhook(&webhook.id, deadline).await?;
                    }
                }
                Ok(())
            }
            Webhook::Forbidden => Ok(()),
        }
    }

    /// Deletes the registration of a connection's webhook: whatever SmartHR still reports there is refused.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn forget_webhook(&self, connection: &Connection) -> Result<(), StoreError> {
        match connection.webhook.as_ref().and_then(Webhook::path_id) {
            Some(path_id) => self.store.delete_webhook_registration(path_id).await,
            None => Ok(()),
        }
    }

    async fn note_forbidden(
        &self,
        workspace_id: &WorkspaceId,
        connection: &mut Connection,
    ) -> Result<(), WebhookError> {
        if connection.webhook == Some(Webhook::Forbidden) {
            return Ok(());
        }
        self.forget_webhook(connection).await?;
        self.note_webhook(workspace_id, connection, Webhook::Forbidden)
            .await
    }

    /// Stores what is known about the webhook now, unless another function stored something else since `connection` was
    /// read.
    async fn note_webhook(
        &self,
        workspace_id: &WorkspaceId,
        connection: &mut Connection,
        now: Webhook,
    ) -> Result<(), WebhookError> {
        let event = ConnectionEvent::WebhookNoted {
            company: connection.company.tenant_id.clone(),
            before: connection.webhook.clone(),
            now,
        };
        let known = Some(connection.clone());
        *connection = self.apply(workspace_id, known, &event).await?;
        Ok(())
    }

    /// Returns the address of the webhook with this random id.
    fn webhook_address(&self, path_id: &str) -> String {
        format!("{}/webhooks/smarthr/{path_id}", self.public_base_url)
    }
}
