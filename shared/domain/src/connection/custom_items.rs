//! What a connection remembers of our custom items in SmartHR.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is known about our custom items in the connected company. `BeingMade` is stored before
/// anything is made, so that [解除する] finds what an interrupted function left there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CustomItems {
    /// A state that this version understands.
    Known(CustomItemsState),
    /// Anything else. The items are found by name, and the value is kept until they are.
    Unreadable(Value),
}

/// How far the making of the custom items has progressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CustomItemsState {
    /// Something may be in SmartHR; its ids are not known.
    BeingMade,
    /// The items are in SmartHR, under these ids.
    Made(CustomItemIds),
}

/// The ids of our custom items in one company's SmartHR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomItemIds {
    /// The group; deleting it deletes the items and every value set in them.
    pub group_id: String,
    /// 連携対象; `None` while no settings have needed it.
    pub sync_target: Option<CustomItemId>,
    /// 認証方法; `None` while no settings have needed it.
    pub login_method: Option<CustomItemId>,
}

/// SmartHR's ids of one custom item and its choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomItemId {
    /// SmartHR's id of the item, which it calls a template.
    pub template_id: String,
    /// The ids of its two choices, in the order 連携する, 連携しない or パスワード, SSO.
    pub choice_ids: [String; 2],
}

impl CustomItems {
    /// Something may be in SmartHR; its ids are not known.
    pub const BEING_MADE: Self = Self::Known(CustomItemsState::BeingMade);

    /// Returns the ids, if they are known.
    pub fn ids(&self) -> Option<&CustomItemIds> {
        match self {
            Self::Known(CustomItemsState::Made(ids)) => Some(ids),
            Self::Known(CustomItemsState::BeingMade) | Self::Unreadable(_) => None,
        }
    }
}

impl From<CustomItemIds> for CustomItems {
    fn from(ids: CustomItemIds) -> Self {
        Self::Known(CustomItemsState::Made(ids))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_stored_value_comes_back_as_it_was() {
        let made = json!({
            "state": "made",
            "group_id": "g",
            "sync_target": {"template_id": "t", "choice_ids": ["a", "b"]},
            "login_method": null,
        });
        for (stored, is_known, has_ids) in [
            (made, true, true),
            (json!({"state": "being_made"}), true, false),
            (json!("unreadable"), false, false),
            (json!({"state": "new"}), false, false),
        ] {
            let items: CustomItems = serde_json::from_value(stored.clone()).unwrap();
            assert_eq!(matches!(items, CustomItems::Known(_)), is_known, "{stored}");
            assert_eq!(items.ids().is_some(), has_ids, "{stored}");
            assert_eq!(serde_json::to_value(items).unwrap(), stored);
        }
    }
}
