//! A workspace's connection to its SmartHR company, as it is stored.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::guard::DeletionDecisions;
use crate::ids::{TenantId, UserId};
use crate::settings::Settings;

/// Where a link stands.
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
    /// Not linked any more. Only the company is remembered, so that linking another one asks first.
    Disconnected,
}

/// A SmartHR company account that can be linked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// What the link is keyed on; customers can change their subdomain.
    pub tenant_id: TenantId,
    /// 「SmartHR企業アカウント<◯◯>と連携中」
    pub name: String,
    /// The host's first label, learnt again at every link.
    pub subdomain: Option<String>,
}

/// What the admins were told about failed runs lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifiedFailures {
    /// The code of each reason, and when a mail told of it last.
    pub reasons: BTreeMap<String, Timestamp>,
}

/// A workspace's link to SmartHR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Where it stands.
    pub state: ConnectionState,
    /// What is linked.
    pub company: Company,
    /// Who linked it.
    pub linked_by: UserId,
    /// When.
    pub linked_at: Timestamp,
    /// ユーザー同期設定
    pub settings: Settings,
    /// When the sync was switched on last; `None` = not since the workspace was linked.
    #[serde(default)]
    pub enabled_at: Option<Timestamp>,
    /// Our custom items in SmartHR, once there are any.
    #[serde(default)]
    pub items: Option<serde_json::Value>,
    /// What admins answered to held deletions.
    #[serde(default)]
    pub decisions: DeletionDecisions,
    /// Another company that an admin linked and has not confirmed yet.
    #[serde(default)]
    pub pending: Option<Company>,
    /// Companies that are neither linked nor wait any more, until their tokens are deleted.
    #[serde(default)]
    pub left_companies: Vec<TenantId>,
    /// The sync was switched off, and the runs under way are still to be stopped.
    #[serde(default)]
    pub stopping: bool,
    /// What mails told about failed runs.
    #[serde(default, rename = "told")]
    pub notified_failures: Option<NotifiedFailures>,
    /// Grows with every write; a write names the version it was decided on. 0 = not stored yet.
    pub version: u64,
}

impl Connection {
    /// Whether the 02:00 run takes the workspace up: to sync it, or to finish what is left to do.
    pub fn runs_at_night(&self) -> bool {
        if !self.left_companies.is_empty() {
            return true;
        }
        match self.state {
            ConnectionState::Connected => self.settings.enabled,
            ConnectionState::ReconnectNeeded | ConnectionState::Disconnected => false,
            ConnectionState::Disconnecting => true,
        }
    }
}
