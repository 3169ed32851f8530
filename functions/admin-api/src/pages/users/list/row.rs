//! A line of the list of users.

use std::collections::BTreeMap;

use accounts::roles::check_may_act_on;
use accounts::{
    RosterEntry, check_may_reset_password, check_needs_initial_password, check_needs_invitation,
    is_linked,
};
use domain::time::date_and_time;
use domain::{Connection, GroupId, Status, User, UserState, Workspace};
use jiff::Timestamp;
use mail::UserRow;

use super::super::open_credential::OpenCredential;
use super::super::text;

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark or a button that is there or not"
)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) code: String,
    pub(super) role: &'static str,
    pub(super) is_emergency_account: bool,
    pub(super) login_method: &'static str,
    pub(super) groups: String,
    pub(super) state: &'static str,
    /// Whether somebody should look at the user.
    pub(super) is_trouble: bool,
    /// What there is to say about the state: until when something is valid, or why a mail did not arrive.
    pub(super) detail: String,
    pub(super) last_sign_in: String,
    pub(super) linked: bool,
    pub(super) may_invite: bool,
    pub(super) may_reset: bool,
    pub(super) may_issue: bool,
}

/// What all lines have in common.
pub(in crate::pages) struct Rows<'a> {
    actor: &'a User,
    connection: Option<&'a Connection>,
    groups: BTreeMap<&'a GroupId, &'a str>,
    now: Timestamp,
}

impl<'a> Rows<'a> {
    pub(in crate::pages) fn new(
        actor: &'a User,
        workspace: &'a Workspace,
        connection: Option<&'a Connection>,
        now: Timestamp,
    ) -> Self {
        let groups = workspace.groups.iter();
        Self {
            actor,
            connection,
            groups: groups
                .map(|group| (&group.id, group.name.as_str()))
                .collect(),
            now,
        }
    }

    pub(super) fn row(&self, entry: &RosterEntry) -> Row {
        let user = &entry.user;
        let state = UserState::first_of(user, entry.last_sign_in, self.now);
        let may_act = check_may_act_on(self.actor, user).is_ok();
        Row {
            id: user.user_id.to_string(),
            name: user.name.clone(),
            email: text(user.email.as_ref()),
            code: text(user.code.as_ref()),
            role: user.role.label(),
            is_emergency_account: user.is_emergency_account,
            login_method: user.login_method.label(),
            groups: self.names_of_groups(user),
            state: state.label(),
            is_trouble: state.is_trouble(),
            detail: self.detail(user),
            last_sign_in: entry.last_sign_in.map(date_and_time).unwrap_or_default(),
            linked: is_linked(user, self.connection),
            may_invite: may_act && check_needs_invitation(user, self.now).is_ok(),
            may_reset: may_act && check_may_reset_password(user).is_ok(),
            may_issue: may_act && check_needs_initial_password(user).is_ok(),
        }
    }

    /// Returns the user as a row of a file.
    pub(in crate::pages) fn user_row(&self, entry: &RosterEntry) -> UserRow {
        let row = self.row(entry);
        UserRow {
            employee_code: row.code,
            name: row.name,
            email: row.email,
            role: row.role,
            groups: row.groups,
            state: row.state,
            detail: row.detail,
            login_method: row.login_method,
            linked: if row.linked { "連携中" } else { "" },
            last_sign_in: row.last_sign_in,
        }
    }

    fn detail(&self, user: &User) -> String {
        match OpenCredential::of(user, self.now) {
            Some(OpenCredential {
                bounced: Some(reason),
                ..
            }) => reason,
            Some(open) if open.expired => format!("{}まで", open.until),
            Some(open) => format!("{}まで有効", open.until),
            None if user.status == Status::Invited => "有効な招待メールがありません".to_owned(),
            None => String::new(),
        }
    }

    fn names_of_groups(&self, user: &User) -> String {
        let names = user.groups.iter().filter_map(|id| self.groups.get(id));
        names.copied().collect::<Vec<_>>().join("、")
    }
}
