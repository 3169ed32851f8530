//! The workspace that an event describes.

use credentials::{Random, hex};
use domain::{Group, Notifications, Workspace, WorkspaceId};

use crate::check::Checked;

/// The name of the group that may edit the company's rules; every new workspace has it.
pub(crate) const EDITORS: &str = "編集権限グループ";
/// The name of the group that may only read the rules; every new workspace has it.
pub(crate) const VIEWERS: &str = "閲覧権限グループ";

/// Returns a new workspace id: `ws_` and 128 bits in hex.
pub(crate) fn new_workspace_id(random: &Random) -> WorkspaceId {
    WorkspaceId::new(format!("ws_{}", hex(&random.bytes::<16>())))
}

/// Returns the workspace that the event describes, whose parent company's is `parent`. The groups of `before` keep
/// their ids, because users are in them; its admins may have renamed or deleted those of a new workspace.
pub(crate) fn workspace(
    workspace_id: WorkspaceId,
    checked: &Checked,
    parent: Option<WorkspaceId>,
    before: Option<&Workspace>,
    random: &Random,
) -> Workspace {
    let mut groups = before.map_or_else(Vec::new, |before| before.groups.clone());
    let first = [EDITORS, VIEWERS].into_iter().filter(|_| before.is_none());
    for name in first.chain(checked.groups.iter().map(String::as_str)) {
        if !groups.iter().any(|group| group.name == name) {
            groups.push(Group {
                id: random.group_id(),
                name: name.to_owned(),
            });
        }
    }
    Workspace {
        workspace_id,
        name: checked.name.clone(),
        company_code: checked.company_code.clone(),
        seats: checked.seats,
        allowed_domains: checked.allowed_domains.clone(),
        domains_of_admins: checked.domains_of_admins.clone(),
        // Set up by a システム管理者, and not by this event.
        single_sign_on: before.and_then(|before| before.single_sign_on.clone()),
        second_factor_required_since: before.and_then(|before| before.second_factor_required_since),
        groups,
        parent_workspace_id: parent,
        child_workspace_ids: before.map_or_else(Vec::new, |it| it.child_workspace_ids.clone()),
        related_company_users: checked.related_company_users.clone(),
        // Chosen by an admin, as the single sign-on is.
        notifications: before.map_or_else(Notifications::default, |before| {
            before.notifications.clone()
        }),
        revision: before.map_or(0, |before| before.revision),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(groups: &[&str]) -> Checked {
        Checked {
            name: "みどり商事".into(),
            company_code: "MIDORI".into(),
            seats: 10,
            allowed_domains: Vec::new(),
            domains_of_admins: Vec::new(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            parent_company_code: None,
            related_company_users: Vec::new(),
            administrator: None,
        }
    }

    fn names(workspace: &Workspace) -> Vec<&str> {
        let groups = workspace.groups.iter();
        groups.map(|group| group.name.as_str()).collect()
    }

    #[test]
    fn every_new_workspace_has_the_two_groups() {
        let random = Random::seeded(1);
        let made = workspace(
            WorkspaceId::new("ws_1"),
            &checked(&["本社"]),
            None,
            None,
            &random,
        );
        assert_eq!(names(&made), [EDITORS, VIEWERS, "本社"]);
    }

    #[test]
    fn an_update_keeps_the_groups_and_their_ids() {
        let random = Random::seeded(1);
        let id = WorkspaceId::new("ws_1");
        let first = workspace(id.clone(), &checked(&["本社"]), None, None, &random);
        let second = workspace(id, &checked(&["支社"]), None, Some(&first), &random);
        assert_eq!(names(&second), [EDITORS, VIEWERS, "本社", "支社"]);
        assert_eq!(second.groups[..3], first.groups);
    }

    #[test]
    fn a_group_that_admins_renamed_is_not_made_a_second_time() {
        let random = Random::seeded(1);
        let id = WorkspaceId::new("ws_1");
        let mut first = workspace(id.clone(), &checked(&[]), None, None, &random);
        first.groups[0].name = "規程の担当".into();
        let second = workspace(id, &checked(&[]), None, Some(&first), &random);
        assert_eq!(names(&second), ["規程の担当", VIEWERS]);
    }
}
