//! Computes a user after a change. Pure: the store only writes the result.
//!
//! The user remembers the group that the sync gave (`synced_group`). When the setting names another default group,
//! the sync removes the old one and assigns the new one; groups that an admin assigned stay.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::time::later;
use crate::{
    Change, Credential, CrewLink, FirstLogin, Invitation, Status, SyncedFields, TenantId, User,
    UserId,
};

/// How long an invitation is valid. Manual: 「招待メールから72時間超えても登録されない場合はリンクが無効になり」.
pub const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(72);

/// How long an initial password is valid: 14 days.
pub const INITIAL_PASSWORD_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Returns the user after `change`, or `None` when the change deletes it. `new_id` is called for a
/// new user only. The life of an invitation or initial
/// password counts from `issued_at`: of a run, which may write for minutes, that is its start.
pub fn user_after(
    change: &Change<'_>,
    tenant: &TenantId,
    issued_at: Timestamp,
    new_id: impl FnOnce() -> UserId,
) -> Option<User> {
    let (mut user, fields) = match change {
        Change::Delete { .. } => return None,
        // Manual: 「初回同期時のユーザーの役割はすべて「メンバー」です」.
        Change::Add { fields, .. } => (User::new(new_id(), ""), fields),
        Change::Alter { user, fields, .. } => ((*user).clone(), fields),
    };
    user.crew_link = Some(CrewLink {
        tenant_id: tenant.clone(),
        crew_id: change.employee().crew_id.clone(),
    });
    take_fields(&mut user, fields);
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

/// Issues credentials for the first login. An invitation that was open before is void.
impl User {
    /// Opens an invitation with these `fields`.
    pub fn invite(&mut self, fields: SyncedFields, now: Timestamp) {
        self.serial += 1;
        self.invitation = Some(Invitation {
            fields_at_invitation: fields,
            expires_at: later(now, INVITATION_LIFE),
            serial: self.serial,
            bounced: None,
        });
    }

    /// Replaces invitation and password with an initial password.
    pub fn issue_initial_password(&mut self, now: Timestamp) {
        self.invitation = None;
        self.serial += 1;
        self.status = Status::Active;
        self.credential = Credential::Initial {
            expires_at: later(now, INITIAL_PASSWORD_LIFE),
        };
    }

    /// Makes the user 有効 without anything to send: the identity provider signs them in. A password
    /// from before is void, also when the user returns to passwords.
    pub fn admit_by_sso(&mut self) {
        self.invitation = None;
        self.credential = Credential::None;
        self.status = Status::Active;
    }
}

/// Overwrites name, e-mail, code, login method and default group with `fields`.
fn take_fields(user: &mut User, fields: &SyncedFields) {
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
