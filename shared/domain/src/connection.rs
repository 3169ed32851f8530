//! A workspace's connection to its SmartHR company, as it is stored.

mod custom_items;
mod notified_failures;
mod transition;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::guard::DeletionDecisions;
use crate::ids::{TenantId, UserId};
use crate::settings::Settings;

pub use custom_items::{CustomItemId, CustomItemIds, CustomItems};
pub use notified_failures::{FailureReason, NotifiedFailures};
pub use transition::{ConnectionEvent, Effect, Transition, TransitionError, transition};

/// Where a connection stands. A workspace that was never connected has no record at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// 連携中
    #[serde(rename = "linked")]
    Connected,
    /// 再連携が必要です: SmartHR refused our refresh token.
    #[serde(rename = "relink_needed")]
    ReconnectNeeded,
    /// [解除する] was clicked; our items in SmartHR are still to be deleted there.
    Disconnecting,
    /// Only the company is remembered, so that connecting another one asks first.
    Disconnected,
}

/// A SmartHR company account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// SmartHR's id of the company, which never changes, as its subdomain can.
    pub tenant_id: TenantId,
    /// 「SmartHR企業アカウント<◯◯>と連携中」
    pub name: String,
    /// The first label of the company's host at SmartHR, learnt again at every [連携する].
    pub subdomain: Option<String>,
}

/// A workspace's connection to a SmartHR company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Where the connection stands.
    pub state: ConnectionState,
    /// The company that is connected, or was until [解除する].
    pub company: Company,
    /// The admin who connected the company, or confirmed it.
    pub linked_by: UserId,
    /// When the company was connected, or confirmed.
    pub linked_at: Timestamp,
    /// ユーザー同期設定
    pub settings: Settings,
    /// When 有効にする was last checked; `None` = not since the company was connected.
    #[serde(default)]
    pub enabled_at: Option<Timestamp>,
    /// Our custom items in the company's SmartHR; `None` when there are none.
    #[serde(default)]
    pub items: Option<CustomItems>,
    /// The admins' answers to held deletions.
    #[serde(default)]
    pub decisions: DeletionDecisions,
    /// Another company that an admin connected and nobody has confirmed yet.
    #[serde(default)]
    pub pending: Option<Company>,
    /// Companies that are neither connected nor pending any more, but whose tokens are still stored.
    #[serde(default)]
    pub left_companies: Vec<TenantId>,
    /// The sync was switched off, and the runs under way are still to be stopped.
    #[serde(default)]
    pub stopping: bool,
    /// The reasons of failed runs that are not mailed again for now.
    #[serde(default, rename = "told")]
    pub notified_failures: Option<NotifiedFailures>,
    /// Grows by one with every write, which names the version it was decided on. 0 = not stored yet.
    pub version: u64,
}

impl Connection {
    /// Returns whether people can be read from the company.
    pub fn is_connected(&self) -> bool {
        self.state == ConnectionState::Connected
    }

    /// Returns whether people can be read, and from the company `tenant_id`.
    pub fn is_connected_to(&self, tenant_id: &TenantId) -> bool {
        self.is_connected() && self.company.tenant_id == *tenant_id
    }

    /// Returns whether the company's settings, crew links and answers count: it is connected, or was
    /// until SmartHR refused our token.
    pub fn is_established(&self) -> bool {
        matches!(
            self.state,
            ConnectionState::Connected | ConnectionState::ReconnectNeeded
        )
    }

    /// Returns whether an admin has to connect the company again: 再連携が必要です.
    pub fn needs_reconnect(&self) -> bool {
        self.state == ConnectionState::ReconnectNeeded
    }

    /// Returns whether [解除する] was clicked and is still to be finished.
    pub fn is_disconnecting(&self) -> bool {
        self.state == ConnectionState::Disconnecting
    }

    /// Returns whether the 02:00 run takes the workspace up: to sync it, or to finish what is left.
    pub fn runs_at_night(&self) -> bool {
        !self.left_companies.is_empty()
            || self.is_disconnecting()
            || self.is_connected() && self.settings.enabled
    }
}
