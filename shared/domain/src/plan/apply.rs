//! Computes a user after a change. Pure: the store only writes the result.
//!
//! The user remembers the group that the sync gave (`synced_group`). When the setting names another default group,
//! the sync removes the old one and assigns the new one; groups that an admin assigned stay.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{Change, CrewLink, FirstLogin, Role, SyncedFields, TenantId, User, UserId};

/// Returns the user after `change`, or `None` when the change deletes it. `new_id` is called for a
/// new user only. The life of an invitation or initial password counts from `issued_at`: of a run,
/// which may write for minutes, that is its start.
pub fn user_after(
    change: &Change<'_>,
    tenant: &TenantId,
    issued_at: Timestamp,
    new_id: impl FnOnce() -> UserId,
) -> Option<User> {
    let (mut user, fields) = match change {
        Change::Delete { .. } => return None,
        // Manual: 「初回同期時のユーザーの役割はすべて「メンバー」です」.
        Change::Add { fields, .. } => {
            let user = User {
                role: Role::Member,
                ..User::new(new_id(), "")
            };
            (user, fields)
        }
        Change::Alter { user, fields, .. } => ((*user).clone(), fields),
    };
    user.crew_link = Some(CrewLink {
        tenant_id: tenant.clone(),
        crew_id: change.employee().crew_id.clone(),
    });
    give_synced_fields(&mut user, fields);
    if let Some(first_login) = change.first_login() {
        issue_first_login(&mut user, first_login, fields, issued_at);
    }
    user.version += 1;
    Some(user)
}

fn issue_first_login(
    user: &mut User,
    first_login: FirstLogin,
    fields: &SyncedFields,
    issued_at: Timestamp,
) {
    match first_login {
        FirstLogin::SingleSignOn => user.admit_by_sso(),
        FirstLogin::Invitation => user.invite(fields.clone(), issued_at),
        FirstLogin::InitialPassword => user.issue_initial_password(issued_at),
    }
}

/// Overwrites name, e-mail, code and login method with `fields`. The user joins the デフォルトグループ, and leaves the
/// group that an earlier sync assigned.
fn give_synced_fields(user: &mut User, fields: &SyncedFields) {
    let SyncedFields {
        name,
        email,
        code,
        login_method,
        default_group,
    } = fields;
    user.name.clone_from(name);
    user.email.clone_from(email);
    user.code.clone_from(code);
    user.login_method = *login_method;
    let groups = Arc::make_mut(&mut user.groups);
    if let Some(given_before) = user.synced_group.replace(default_group.clone())
        && given_before != *default_group
    {
        groups.remove(&given_before);
    }
    groups.insert(default_group.clone());
}
