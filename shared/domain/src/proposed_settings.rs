//! Settings that an admin is about to save, and how many people they would change, as a preview says.
//!
//! SSO, 個別設定 and 特定のユーザー start such a preview, and so does switching the sync on with them. Its page saves
//! the settings as long as nobody saved others meanwhile. SmartHR gets no custom items for a preview: people without a
//! value count as not chosen. Where SmartHR does not answer the preview, the settings can be saved unseen.

use serde::{Deserialize, Serialize};

use crate::plan::{OutOfScopeReason, Plan};
use crate::{LoginMethod, LoginMethodSetting, Settings, SyncTarget};

/// Settings that are not saved yet. A preview plans with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedSettings {
    /// The settings, complete.
    pub settings: Settings,
    /// The settings that were saved when the preview began; `None` until then. Once others are saved, the effect is not
    /// true any more.
    #[serde(default)]
    pub instead_of: Option<Settings>,
    /// What they would do; `None` while the preview is under way, and if it failed.
    #[serde(default)]
    pub effect: Option<SettingsEffect>,
}

/// How many users the next run would change because of settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsEffect {
    /// The users who sign in by a password and would have to sign in by SSO.
    pub to_sso: u32,
    /// The users who sign in by SSO and would have to sign in by a password.
    pub to_password: u32,
    /// The linked users who would be 対象外, because their item 「連携対象」 is not 連携する.
    pub left_out: u32,
}

impl SettingsEffect {
    /// Counts what the plan would do, which was made with other settings than the ones saved before.
    pub fn of(plan: &Plan<'_>, before: &Settings) -> Self {
        let leaves_out = !before.enabled || before.target != SyncTarget::Chosen;
        let count = |before, after| {
            let changed = plan.changes.iter().filter(|change| {
                let methods = change.user().zip(change.fields());
                methods.is_some_and(|(user, fields)| {
                    user.login_method == before && fields.login_method == after
                })
            });
            number(changed.count())
        };
        let left_out = plan.out_of_scope.iter();
        Self {
            to_sso: count(LoginMethod::Password, LoginMethod::Sso),
            to_password: count(LoginMethod::Sso, LoginMethod::Password),
            left_out: number(
                left_out
                    .filter(|person| leaves_out && person.reason == OutOfScopeReason::NotChosen)
                    .count(),
            ),
        }
    }
}

fn number(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}

impl Settings {
    /// Returns whether saving `after` in place of these settings may change how many people sign in, or leave many out:
    /// SSO, 個別設定 or 特定のユーザー is newly chosen while the sync is on, or the sync is switched on with it.
    pub fn may_change_many(&self, after: &Self) -> bool {
        let is_new = |differs: bool| differs || !self.enabled;
        let method = is_new(after.login_method != self.login_method)
            && after.login_method != LoginMethodSetting::Password;
        let target = is_new(after.target != self.target) && after.target == SyncTarget::Chosen;
        after.enabled && (method || target)
    }
}
