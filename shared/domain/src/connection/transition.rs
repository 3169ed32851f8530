//! The connection as a state machine: an event, applied to the stored record, yields the next record
//! and the effects that accompany storing it.

use jiff::Timestamp;

use super::{
    Company, Connection, ConnectionState, CustomItemIds, CustomItems, LeftOutOfSync, Webhook,
};
use crate::DeletionDecisions;
use crate::audit::AuditEvent;
use crate::ids::{TenantId, UserId};
use crate::settings::Settings;

/// Something that happens to a workspace's connection.
#[derive(Clone, Debug)]
pub enum ConnectionEvent {
    /// An admin granted access to `company` at SmartHR, and its tokens are stored.
    ConnectSucceeded {
        /// The company that the tokens are for.
        company: Company,
        /// The admin who granted access.
        admin: UserId,
        /// The time of the click.
        at: Timestamp,
        /// The settings of a company that was not connected before.
        first_settings: Settings,
    },
    /// An admin confirmed that the pending company replaces the connected one.
    CompanyConfirmed {
        /// The admin who confirmed the company.
        admin: UserId,
        /// The time of the click.
        at: Timestamp,
    },
    /// An admin refused the pending company.
    CompanyRefused,
    /// SmartHR refused the refresh token of this company for good.
    TokenRefused {
        /// The company that the token was for.
        company: TenantId,
        /// The time of the refusal.
        at: Timestamp,
    },
    /// SmartHR took the refresh token of this company after all.
    TokenAccepted(TenantId),
    /// An admin clicked [解除する].
    DisconnectRequested {
        /// The default settings, which replace the saved ones.
        first_settings: Settings,
    },
    /// Our items are gone from SmartHR, or SmartHR refuses to delete them for good.
    CleanupFinished,
    /// Our items are about to be made in this company.
    ItemsBeingMade(TenantId),
    /// Our items are in this company, under these ids.
    ItemsMade(TenantId, CustomItemIds),
    /// What is known about our webhook in this company.
    WebhookNoted {
        /// The company that has the webhook.
        company: TenantId,
        /// What was known before; if it is not what the record says, another function has registered one.
        before: Option<Webhook>,
        /// What is known now.
        now: Webhook,
    },
    /// An admin saved settings that were checked.
    SettingsSaved {
        /// The settings to be stored.
        settings: Settings,
        /// The time of the click.
        at: Timestamp,
    },
    /// No run that began before the sync was switched off is under way any more.
    RunsStopped,
    /// The tokens of these companies are deleted.
    TokensDeleted(Vec<TenantId>),
}

/// An effect that accompanies storing the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Delete this company's tokens, *before* the record is stored: as long as the stored record names
    /// the company, an interrupted deletion is repeated.
    DeleteTokens(TenantId),
    /// Mail the admins that they have to connect again, in the transaction that stores the record.
    MailReconnectNeeded,
    /// Mail the システム管理者 which company was connected, in the transaction that stores the record.
    MailConnected,
    /// Take the lease from the run under way, *after* the record is stored: no other run may begin.
    StopRuns,
}

/// The result of an event: the next record, and its effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The record to be stored; its version is still the one it was decided on.
    pub connection: Connection,
    /// The effects, in this order.
    pub effects: Vec<Effect>,
    /// What the audit trail says about it, in the transaction that stores the record; nothing when no
    /// person asked for it.
    pub audit: Vec<AuditEvent>,
}

impl From<Connection> for Transition {
    fn from(connection: Connection) -> Self {
        Self {
            connection,
            effects: Vec::new(),
            audit: Vec::new(),
        }
    }
}

impl Transition {
    /// Adds what the audit trail says about it.
    #[must_use]
    pub fn recorded(mut self, events: impl IntoIterator<Item = AuditEvent>) -> Self {
        self.audit.extend(events);
        self
    }
}

/// Why an event cannot happen now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransitionError {
    /// The workspace is not connected, or to another company than the event is about.
    NotConnected,
    /// No other company waits to be confirmed.
    NothingPending,
    /// A disconnect has to be finished first.
    Disconnecting,
    /// Another function has registered a webhook.
    OtherWebhook,
}

/// Applies `event` to the stored record; `None` means that the workspace was never connected.
///
/// Most events may occur twice: the second one changes nothing and has the same effects.
///
/// # Errors
/// [`TransitionError`] when the event cannot happen in this state.
pub fn transition(
    before: Option<&Connection>,
    event: ConnectionEvent,
) -> Result<Transition, TransitionError> {
    if let ConnectionEvent::ConnectSucceeded {
        company,
        admin,
        at,
        first_settings,
    } = event
    {
        return connect(before, company, admin, at, first_settings);
    }
    let mut connection = before.cloned().ok_or(TransitionError::NotConnected)?;
    let effects = connection.apply(event)?;
    Ok(Transition {
        effects,
        ..connection.into()
    })
}

impl Connection {
    fn apply(&mut self, event: ConnectionEvent) -> Result<Vec<Effect>, TransitionError> {
        let mut effects = Vec::new();
        match event {
            ConnectionEvent::ConnectSucceeded { .. } => {}
            ConnectionEvent::CompanyConfirmed { admin, at } => {
                let company = self.take_pending()?;
                let left = std::mem::replace(&mut self.company, company);
                self.left_companies.push(left.tenant_id);
                self.state = ConnectionState::Connected;
                self.connected_by = admin;
                self.connected_at = at;
                self.settings.enabled = false;
                self.items = None;
                self.webhook = None;
                self.forget_answers();
                effects.push(Effect::MailConnected);
                effects.push(Effect::StopRuns);
            }
            ConnectionEvent::CompanyRefused => {
                effects.push(Effect::DeleteTokens(self.take_pending()?.tenant_id));
            }
            ConnectionEvent::TokenRefused { company, at } => {
                if self.is_connected_to(&company) {
                    self.state = ConnectionState::ReconnectNeeded;
                    self.refused_at = Some(at);
                    effects.push(Effect::MailReconnectNeeded);
                }
            }
            ConnectionEvent::TokenAccepted(company) => {
                if !self.is_established() || self.company.tenant_id != company {
                    return Err(TransitionError::NotConnected);
                }
                self.state = ConnectionState::Connected;
                self.refused_at = None;
            }
            ConnectionEvent::DisconnectRequested { first_settings } => {
                let nothing_to_undo =
                    self.state == ConnectionState::Disconnected && self.pending.is_none();
                if !self.is_disconnecting() && !nothing_to_undo {
                    self.state = ConnectionState::Disconnecting;
                    self.settings = first_settings;
                    self.forget_answers();
                }
                effects.push(Effect::StopRuns);
            }
            ConnectionEvent::CleanupFinished => {
                if self.is_disconnecting() {
                    let pending = self.pending.take().map(|pending| pending.tenant_id);
                    let left = std::mem::take(&mut self.left_companies);
                    let others = pending.into_iter().chain(left);
                    let all = others.chain([self.company.tenant_id.clone()]);
                    effects.extend(all.map(Effect::DeleteTokens));
                    self.state = ConnectionState::Disconnected;
                    self.items = None;
                    self.webhook = None;
                }
            }
            ConnectionEvent::ItemsBeingMade(company) => {
                if !self.is_connected_to(&company) {
                    return Err(TransitionError::NotConnected);
                }
                self.items.get_or_insert(CustomItems::BEING_MADE);
            }
            ConnectionEvent::ItemsMade(company, ids) => {
                if self.company.tenant_id != company {
                    return Err(TransitionError::NotConnected);
                }
                self.items = Some(ids.into());
            }
            ConnectionEvent::WebhookNoted {
                company,
                before,
                now,
            } => self.note_webhook(&company, before.as_ref(), now)?,
            ConnectionEvent::SettingsSaved { settings, at } => {
                if !self.is_established() {
                    return Err(TransitionError::NotConnected);
                }
                if settings.enabled != self.settings.enabled {
                    self.switched_at = Some(at);
                }
                self.stopping = (self.stopping || self.settings.enabled) && !settings.enabled;
                self.settings = settings;
                if self.stopping {
                    effects.push(Effect::StopRuns);
                }
            }
            ConnectionEvent::RunsStopped => self.stopping = false,
            ConnectionEvent::TokensDeleted(companies) => {
                self.left_companies
                    .retain(|company| !companies.contains(company));
            }
        }
        Ok(effects)
    }

    fn note_webhook(
        &mut self,
        company: &TenantId,
        before: Option<&Webhook>,
        now: Webhook,
    ) -> Result<(), TransitionError> {
        if !self.is_established() || self.company.tenant_id != *company {
            return Err(TransitionError::NotConnected);
        }
        if self.webhook.as_ref() != before {
            return Err(TransitionError::OtherWebhook);
        }
        self.webhook = Some(now);
        Ok(())
    }

    /// Forgets what was held, answered and mailed: it concerned the company that is left.
    fn forget_answers(&mut self) {
        self.decisions = DeletionDecisions::default();
        self.account_answers.clear();
        self.asked_account_changes.clear();
        self.left_out = LeftOutOfSync::default();
        self.notified_failures = None;
    }

    fn take_pending(&mut self) -> Result<Company, TransitionError> {
        if self.pending.is_some() && self.is_disconnecting() {
            return Err(TransitionError::Disconnecting);
        }
        self.pending.take().ok_or(TransitionError::NothingPending)
    }
}

/// Returns the record after an admin granted access to `company`.
fn connect(
    before: Option<&Connection>,
    company: Company,
    admin: UserId,
    at: Timestamp,
    first_settings: Settings,
) -> Result<Transition, TransitionError> {
    let left_companies = left_companies(before, &company.tenant_id);
    if let Some(before) = before.filter(|before| before.company.tenant_id != company.tenant_id) {
        if before.is_disconnecting() {
            // Our items in the earlier company can be deleted with its tokens only.
            return Err(TransitionError::Disconnecting);
        }
        return Ok(Connection {
            pending: Some(company),
            left_companies,
            ..before.clone()
        }
        .into());
    }
    let kept = before.filter(|before| before.is_established());
    let connection = Connection {
        state: ConnectionState::Connected,
        company,
        connected_by: admin,
        connected_at: at,
        settings: kept.map_or(first_settings, |kept| kept.settings.clone()),
        switched_at: kept.and_then(|kept| kept.switched_at),
        refused_at: None,
        items: kept.and_then(|kept| kept.items.clone()),
        webhook: kept.and_then(|kept| kept.webhook.clone()),
        decisions: kept.map_or_else(DeletionDecisions::default, |kept| kept.decisions.clone()),
        account_answers: kept.map_or_else(Vec::new, |kept| kept.account_answers.clone()),
        asked_account_changes: kept
            .map_or_else(Vec::new, |kept| kept.asked_account_changes.clone()),
        left_out: kept.map_or_else(LeftOutOfSync::default, |kept| kept.left_out.clone()),
        pending: None,
        left_companies,
        stopping: kept.is_some_and(|kept| kept.stopping),
        notified_failures: None,
        version: before.map_or(0, |before| before.version),
    };
    let effects = match kept {
        Some(_) => Vec::new(),
        None => vec![Effect::MailConnected],
    };
    Ok(Transition {
        effects,
        ..connection.into()
    })
}

/// Returns the companies whose tokens are to be deleted once `connected` has its own: those left
/// before, and one that was pending until now.
fn left_companies(before: Option<&Connection>, connected: &TenantId) -> Vec<TenantId> {
    let Some(before) = before else {
        return Vec::new();
    };
    let pending = before.pending.as_ref().map(|pending| &pending.tenant_id);
    let left = pending.into_iter().chain(&before.left_companies);
    left.filter(|company| *company != connected)
        .cloned()
        .collect()
}

#[cfg(test)]
#[path = "transition_tests.rs"]
mod tests;
