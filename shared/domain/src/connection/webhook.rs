//! What a connection remembers of our webhook in SmartHR, which reports that people changed (即時反映).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is known about our webhook in the connected company. `BeingRegistered` is stored before anything is registered,
/// so that [解除する] and the next night find what an interrupted function left there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Webhook {
    /// SmartHR may have a webhook with the address of this id; its own id is not known.
    BeingRegistered {
        /// The random id in the webhook's address.
        path_id: String,
    },
    /// SmartHR has the webhook.
    Registered(WebhookIds),
    /// SmartHR gives us no right to webhooks.
    Forbidden,
}

/// The ids of our webhook in one company's SmartHR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookIds {
    /// The random id in the webhook's address, which its registration is stored under.
    pub path_id: String,
    /// SmartHR's id of the webhook.
    pub webhook_id: String,
    /// The time at which a night found that SmartHR had disabled it, and enabled it again; `None` if that never
    /// happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled_again_at: Option<Timestamp>,
}

impl Webhook {
    /// Returns the random id in the webhook's address; `None` if there is no webhook.
    pub fn path_id(&self) -> Option<&str> {
        match self {
            Self::BeingRegistered { path_id } | Self::Registered(WebhookIds { path_id, .. }) => {
                Some(path_id)
            }
            Self::Forbidden => None,
        }
    }
}

/// Where 即時反映 stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = ImmediateSyncWord, description = "即時反映: SmartHR reports changes, will do so after the next night, gives no right to that; or it is switched off")
)]
pub enum ImmediateSync {
    /// SmartHR reports changes.
    Active,
    /// A webhook is yet to be registered, by the next night at the latest.
    Preparing,
    /// 即時反映は利用できません: SmartHR gives us no right to webhooks.
    Unavailable,
    /// Switched off in the settings.
    Off,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_stored_state_comes_back_as_it_was() {
        for stored in [
            json!({"state": "being_registered", "path_id": "p"}),
            json!({"state": "registered", "path_id": "p", "webhook_id": "w"}),
            json!({
                "state": "registered", "path_id": "p", "webhook_id": "w",
                "enabled_again_at": "2026-11-23T17:00:00Z",
            }),
            json!({"state": "forbidden"}),
        ] {
            let webhook: Webhook = serde_json::from_value(stored.clone()).unwrap();
            assert_eq!(serde_json::to_value(webhook).unwrap(), stored);
        }
    }
}
