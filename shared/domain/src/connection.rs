//! A workspace's connection to its SmartHR company, as it is stored.

mod custom_items;
mod left_out;
mod notified_failures;
mod transition;
mod waiting;
mod webhook;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::DeletionDecisions;
use crate::ids::{TenantId, UserId};
use crate::plan::account_changes::{ANSWER_LIFE, MAX_ACCOUNT_CHANGES};
use crate::settings::Settings;
use crate::{AccountAnswer, AccountChange, AccountQuestion, LoginMethod, User};

pub use custom_items::{CustomItemId, CustomItemIds, CustomItems};
pub use left_out::LeftOutOfSync;
pub use notified_failures::{FailureReason, NotifiedFailures};
pub use transition::{ConnectionEvent, Effect, Transition, TransitionError, transition};
pub use waiting::WaitsForAdmin;
pub use webhook::{ImmediateSync, Webhook, WebhookIds};

/// The state of a connection. A workspace that was never connected has no connection at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// 連携中: people can be read from SmartHR.
    #[serde(rename = "linked")]
    Connected,
    /// 再連携が必要です: SmartHR refused our refresh token.
    #[serde(rename = "relink_needed")]
    ReconnectNeeded,
    /// [解除する] was clicked; our items in SmartHR are still to be deleted there.
    Disconnecting,
    /// The company is remembered, so that an admin has to confirm connecting another one.
    Disconnected,
}

/// A SmartHR company account, as the connection remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// SmartHR's id of the company, which never changes, as its subdomain can.
    pub tenant_id: TenantId,
    /// The company's name, as in 「SmartHR企業アカウント<◯◯>と連携中」.
    pub name: String,
    /// The first label of the company's host at SmartHR, updated by every [連携する]; `None` when
    /// SmartHR left it out.
    pub subdomain: Option<String>,
}

/// A change of an admin's account that the システム管理者 were mailed about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAccountChange {
    /// The change.
    #[serde(flatten)]
    pub change: AccountChange,
    /// The start of the run that mailed it last.
    pub at: Timestamp,
}

/// A workspace's connection to a SmartHR company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The state, which decides what may be done with the connection.
    pub state: ConnectionState,
    /// The company that is connected, or was until [解除する].
    pub company: Company,
    /// The admin who connected the company, or confirmed it.
    #[serde(rename = "linked_by")]
    pub connected_by: UserId,
    /// The time at which the company was connected or confirmed.
    #[serde(rename = "linked_at")]
    pub connected_at: Timestamp,
    /// The settings of the sync (ユーザー同期設定).
    pub settings: Settings,
    /// The time at which 有効にする was last checked or unchecked (stored `enabled_at`); `None` if that was not since
    /// the company was connected.
    #[serde(default, rename = "enabled_at")]
    pub switched_at: Option<Timestamp>,
    /// The time at which SmartHR refused our refresh token; `None` while it takes it, and in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_at: Option<Timestamp>,
    /// Our custom items in the company's SmartHR; `None` when there are none.
    #[serde(default)]
    pub items: Option<CustomItems>,
    /// Our webhook in the company's SmartHR; `None` when none was ever registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Webhook>,
    /// The admins' answers to held deletions.
    #[serde(default)]
    pub decisions: DeletionDecisions,
    /// The システム管理者's answers to changes of admins' accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub account_answers: Vec<AccountAnswer>,
    /// The changes of admins' accounts that the システム管理者 were mailed about and that are still held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked_account_changes: Vec<AskedAccountChange>,
    /// People with an open link whom the last run left out (対象外): no night sends them a new one.
    #[serde(default, skip_serializing_if = "LeftOutOfSync::is_nobody")]
    pub left_out: LeftOutOfSync,
    /// Another company that an admin connected and nobody has confirmed yet.
    #[serde(default)]
    pub pending: Option<Company>,
    /// Companies that are neither connected nor pending any more, but whose tokens are still stored.
    #[serde(default)]
    pub left_companies: Vec<TenantId>,
    /// Whether the sync was switched off and the runs under way are still to be stopped.
    #[serde(default)]
    pub stopping: bool,
    /// The reasons of failed runs that are not mailed again for now.
    #[serde(default, rename = "told")]
    pub notified_failures: Option<NotifiedFailures>,
    /// The number of writes so far; 0 when the connection is not stored yet. A write names the
    /// version that it was decided on.
    pub version: u64,
}

impl Connection {
    /// Returns whether people can be read from the company.
    pub fn is_connected(&self) -> bool {
        self.state == ConnectionState::Connected
    }

    /// Returns whether people can be read from the company `tenant_id`.
    pub fn is_connected_to(&self, tenant_id: &TenantId) -> bool {
        self.is_connected() && self.company.tenant_id == *tenant_id
    }

    /// Returns whether the company's settings, crew links and answers are valid: it is connected,
    /// or was until SmartHR refused our token.
    pub fn is_established(&self) -> bool {
        matches!(
            self.state,
            ConnectionState::Connected | ConnectionState::ReconnectNeeded
        )
    }

    /// Returns the company and the settings that its people are synced with, while they are valid.
    pub fn sync(&self) -> Option<(&TenantId, &Settings)> {
        let sync = (&self.company.tenant_id, &self.settings);
        self.is_established().then_some(sync)
    }

    /// Returns whether an admin has to connect the company again: 再連携が必要です.
    pub fn needs_reconnect(&self) -> bool {
        self.state == ConnectionState::ReconnectNeeded
    }

    /// Returns since when no run syncs the workspace although its settings are switched on; `None` if runs do.
    pub fn stopped_since(&self) -> Option<Timestamp> {
        let is_stopped = self.needs_reconnect() && self.settings.enabled;
        is_stopped.then(|| self.refused_at.unwrap_or(self.connected_at))
    }

    /// Returns since when an admin has paused the sync of a connected company, so that nothing uses the connection;
    /// `None` if every night does.
    pub fn paused_since(&self) -> Option<Timestamp> {
        let is_paused = self.is_connected() && !self.settings.enabled;
        let since = Some(self.connected_at).max(self.switched_at);
        since.filter(|_| is_paused)
    }

    /// Returns whether [解除する] was clicked and the disconnect is still to be finished.
    pub fn is_disconnecting(&self) -> bool {
        self.state == ConnectionState::Disconnecting
    }

    /// Returns whether every night syncs the workspace, as whatever promises 02:00 asks.
    pub fn syncs_at_night(&self) -> bool {
        self.is_connected() && self.settings.enabled
    }

    /// Returns whether the night sends `user` a new link before an open one ends. Whatever promises 02:00 to somebody
    /// asks this.
    pub fn sends_new_links_to(&self, user: &User, now: Timestamp) -> bool {
        self.syncs_at_night()
            && user.crew_in(&self.company.tenant_id).is_some()
            && user.login_method == LoginMethod::Password
            && !user.has_password_at(now)
            && !self.left_out.contains(&user.user_id)
    }

    /// Returns the answer to exactly this account change, if there is one.
    pub fn answer_to(&self, change: &AccountChange) -> Option<&AccountAnswer> {
        let mut answers = self.account_answers.iter();
        answers.find(|answer| answer.change == *change)
    }

    /// Stores an answer in place of earlier ones about the same user. The oldest one gives way when
    /// there are too many, and its change is asked about again.
    pub fn answer(&mut self, answer: AccountAnswer) {
        let answers = &mut self.account_answers;
        answers.retain(|it| it.change.user_id != answer.change.user_id);
        answers.push(answer);
        let surplus = answers.len().saturating_sub(MAX_ACCOUNT_CHANGES);
        answers.drain(..surplus);
    }

    /// Returns what the システム管理者 have been asked about after a run that started at `now` and asks
    /// these questions. A question is new when it was not asked within the last seven days.
    pub fn asked_by(
        &self,
        questions: &[AccountQuestion],
        now: Timestamp,
    ) -> Vec<AskedAccountChange> {
        let is_recent = |asked: &&AskedAccountChange| now.duration_since(asked.at) < ANSWER_LIFE;
        let asked = |change: &AccountChange| {
            let mut before = self.asked_account_changes.iter().filter(is_recent);
            before.find(|asked| asked.change == *change).cloned()
        };
        let asked_now = |change: &AccountChange| AskedAccountChange {
            change: change.clone(),
            at: now,
        };
        let changes = questions.iter().map(|question| &question.change);
        changes
            .map(|change| asked(change).unwrap_or_else(|| asked_now(change)))
            .collect()
    }

    /// Returns where 即時反映 stands.
    pub fn immediate_sync(&self) -> ImmediateSync {
        match &self.webhook {
            _ if !self.settings.immediate => ImmediateSync::Off,
            Some(Webhook::Registered(_)) => ImmediateSync::Active,
            Some(Webhook::Forbidden) => ImmediateSync::Unavailable,
            Some(Webhook::BeingRegistered { .. }) | None => ImmediateSync::Preparing,
        }
    }

    /// Returns whether a night since `time` found that SmartHR had disabled our webhook, and enabled it again.
    pub fn webhook_was_enabled_since(&self, time: Timestamp) -> bool {
        let Some(Webhook::Registered(ids)) = &self.webhook else {
            return false;
        };
        ids.enabled_again_at.is_some_and(|at| at >= time)
    }

    /// Returns whether the workspace gets a run at 02:00, which syncs it or finishes what is left.
    pub fn runs_at_night(&self) -> bool {
        !self.left_companies.is_empty() || self.is_disconnecting() || self.syncs_at_night()
    }
}
