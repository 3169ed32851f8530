//! Somebody who is added by hand: the user they become, and what gives them a way in.

use std::collections::BTreeSet;
use std::sync::Arc;

use credentials::{CredentialIssuer, CredentialSeed, DerivationKey, IssuedCredential};
use domain::text::visible;
use domain::{
    AuditAction, AuditChange, AuditEvent, AuditField, EmailAddress, EmployeeCode, GroupId, Role,
    User, UserId, Workspace,
};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::identity::{checked_email, checked_name};
use crate::roles::check_may_give_role;

/// Somebody to be added, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// 氏名; empty for the part of the address before its `@`.
    pub name: String,
    /// メールアドレス; `None` for somebody who signs in by code.
    pub email: Option<String>,
    /// 従業員コード
    pub employee_code: Option<String>,
}

impl NewPerson {
    /// Returns what the person is called in an answer: address or code as typed.
    pub(crate) fn typed(&self) -> String {
        let typed = self.email.as_ref().or(self.employee_code.as_ref());
        typed.cloned().unwrap_or_default()
    }
}

/// Checks that `admin` may add people with this role, and that the groups exist.
///
/// # Errors
/// As [`check_may_give_role`], and [`AccountError::UnknownGroup`].
pub(crate) fn check_rights(
    admin: &User,
    workspace: &Workspace,
    role: Role,
    groups: &BTreeSet<GroupId>,
) -> Result<(), AccountError> {
    let nobody_yet = User::new(UserId::new(""), "");
    check_may_give_role(admin, &nobody_yet, role)?;
    if !groups.iter().all(|id| workspace.group(id).is_some()) {
        return Err(AccountError::UnknownGroup);
    }
    Ok(())
}

/// Returns the user that a person becomes, without a way in yet.
///
/// # Errors
/// What is wrong with name, address or code.
pub(crate) fn new_user(
    workspace: &Workspace,
    (user_id, added_by): (UserId, &UserId),
    (role, groups): (Role, &BTreeSet<GroupId>),
    person: &NewPerson,
) -> Result<User, AccountError> {
    let mut user = User {
        role,
        groups: Arc::new(groups.clone()),
        added_by: Some(added_by.clone()),
        version: 1,
        ..User::new(user_id, "")
    };
    let typed = |text: &Option<String>| text.as_deref().and_then(visible);
    if let Some(email) = typed(&person.email) {
        user.email = Some(checked_email(&email, &user, workspace)?);
    }
    if let Some(code) = typed(&person.employee_code) {
        let code = EmployeeCode::parse(&code);
        user.code = Some(code.ok_or(AccountError::InvalidEmployeeCode)?);
    }
    if user.email.is_none() && user.code.is_none() {
        return Err(AccountError::NoIdentifier);
    }
    let local_part = |email: &EmailAddress| {
        let (local, _) = email.as_str().rsplit_once('@')?;
        Some(local.to_owned())
    };
    user.name = match visible(&person.name) {
        Some(name) => checked_name(&name)?,
        None => user
            .email
            .as_ref()
            .and_then(local_part)
            .ok_or(AccountError::InvalidName)?,
    };
    Ok(user)
}

impl Accounts<'_> {
    /// Invites a new user, who has an address.
    pub(crate) fn invited(
        &self,
        key: &DerivationKey,
        workspace: &Workspace,
        mut user: User,
    ) -> (User, IssuedCredential) {
        let credential = self.issue_invitation(key, workspace, &mut user);
        (user, credential)
    }

    /// Issues an initial password to a new user, who has a code only.
    pub(crate) fn with_initial_password(
        &self,
        key: &DerivationKey,
        seed: &CredentialSeed,
        mut user: User,
    ) -> (User, IssuedCredential) {
        let issuer = CredentialIssuer {
            key,
            workspace_id: self.workspace_id,
            now: self.now,
        };
        let mut credential = issuer.issue_initial_password(&mut user, seed, self.random);
        // There are none yet.
        credential.hashes.end_sessions = false;
        user.note_admin_since(None, self.now);
        (user, credential)
    }

    /// Returns the event of an addition: of name, address and code it says nothing.
    pub(crate) fn addition_event(&self, user: &User, workspace: &Workspace) -> AuditEvent {
        let groups = user.groups.iter().filter_map(|id| workspace.group(id));
        let groups: Vec<&str> = groups.map(|group| group.name.as_str()).collect();
        let changes = [
            AuditChange::of(AuditField::Role, "", user.role.label()),
            AuditChange::of(AuditField::Groups, "", groups.join("、")),
        ];
        let event = self.event(AuditAction::UserAdded, user);
        event.with_changes(changes.into_iter().flatten().collect())
    }
}
