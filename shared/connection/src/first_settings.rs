//! The initial settings of a company that was not connected before.

use domain::{
    GroupId, InvitationTexts, LoginMethodSetting, PasswordCsv, Settings, SyncTarget, Workspace,
};

/// The initial default group, if the workspace has it.
const FIRST_DEFAULT_GROUP: &str = "閲覧権限グループ";

/// Returns settings under which nobody is synced until an admin switches the sync on.
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
        password_csv: PasswordCsv::default(),
        invitation_texts: InvitationTexts::default(),
        immediate: true,
        default_group: default_group.map_or_else(|| GroupId::new(""), |group| group.id.clone()),
    }
}
