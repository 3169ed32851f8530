//! The two custom items that we make in a company's SmartHR, and how a crew's choice is read.

use domain::{CustomItemId, LoginMethod, Settings};

/// The name of our group of custom items.
pub(crate) const GROUP_NAME: &str = "KiteRa連携";

/// A custom item of ours with its two choices. An admin sees the names; SmartHR sends the physical
/// names.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) name: &'static str,
    pub(crate) position: u32,
    pub(crate) choices: [Choice; 2],
}

#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) name: &'static str,
    pub(crate) physical_name: &'static str,
}

/// 連携対象: whether the person is synced under 特定のユーザー.
pub(crate) const SYNC_TARGET: Item = Item {
    name: "連携対象",
    position: 1,
    choices: [
        Choice {
            name: "連携する",
            physical_name: "kitera_sync_on",
        },
        Choice {
            name: "連携しない",
            physical_name: "kitera_sync_off",
        },
    ],
};

/// 認証方法: how the person signs in under 個別設定.
pub(crate) const LOGIN_METHOD: Item = Item {
    name: "認証方法",
    position: 2,
    choices: [
        Choice {
            name: "パスワード",
            physical_name: "kitera_login_password",
        },
        Choice {
            name: "SSO",
            physical_name: "kitera_login_sso",
        },
    ],
};

/// The items of ours that the settings require.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequiredItems {
    /// Whether the item 連携対象 is required, for 特定のユーザー.
    pub sync_target: bool,
    /// Whether the item 認証方法 is required, for 個別設定.
    pub login_method: bool,
}

impl RequiredItems {
    /// No item: the group alone.
    pub const NONE: Self = Self {
        sync_target: false,
        login_method: false,
    };

    /// Returns the items that the settings need; `None` when they need none.
    pub fn of(settings: &Settings) -> Option<Self> {
        let required = Self {
            sync_target: settings.needs_sync_item(),
            login_method: settings.needs_login_item(),
        };
        (required != Self::NONE).then_some(required)
    }
}

/// The error for a value that is none of the item's choices.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnknownChoice;

/// Returns 連携対象 of a crew: true for 連携する. SmartHR API: a value is the choice's physical name
/// if it has one, else its id.
pub(crate) fn sync_choice(id: &CustomItemId, value: &str) -> Result<bool, UnknownChoice> {
    Ok(chosen(&SYNC_TARGET, id, value)? == 0)
}

/// Returns 認証方法 of a crew.
pub(crate) fn login_choice(id: &CustomItemId, value: &str) -> Result<LoginMethod, UnknownChoice> {
    Ok(match chosen(&LOGIN_METHOD, id, value)? {
        0 => LoginMethod::Password,
        _ => LoginMethod::Sso,
    })
}

fn chosen(item: &Item, id: &CustomItemId, value: &str) -> Result<usize, UnknownChoice> {
    item.choices
        .iter()
        .zip(&id.choice_ids)
        .position(|(choice, choice_id)| value == choice.physical_name || value == choice_id)
        .ok_or(UnknownChoice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> CustomItemId {
        CustomItemId {
            template_id: "t".into(),
            choice_ids: ["id-0".into(), "id-1".into()],
        }
    }

    #[test]
    fn a_choice_is_known_by_its_physical_name_and_by_its_id() {
        assert_eq!(sync_choice(&id(), "kitera_sync_on"), Ok(true));
        assert_eq!(sync_choice(&id(), "id-1"), Ok(false));
        assert_eq!(login_choice(&id(), "id-0"), Ok(LoginMethod::Password));
        let sso = login_choice(&id(), "kitera_login_sso");
        assert_eq!(sso, Ok(LoginMethod::Sso));
    }

    #[test]
    fn a_choice_that_is_not_ours_is_not_guessed_at() {
        assert_eq!(sync_choice(&id(), "連携する"), Err(UnknownChoice));
    }

    #[test]
    fn names_fit_into_smarthr_s_25_characters() {
        let names = [GROUP_NAME, SYNC_TARGET.name, LOGIN_METHOD.name];
        assert!(names.iter().all(|name| name.chars().count() <= 25));
    }
}
