//! 「保存する」 in ユーザー管理: edits a user.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::audit::changes_of_user;
use domain::notices::notices_of_change;
use domain::{
    AuditAction, Connection, Credential, CredentialHashChanges, EmailAddress, FirstLogin, GroupId,
    LoginMethod, Role, User, Workspace,
};
use storage::transaction::{Commit, UserWrite};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::identity::TextEdit;
use crate::roles::{check_may_act_on, check_may_give_role};
use crate::unlink::is_linked;

/// The changes to a user; `None` and [`TextEdit::Keep`] leave a field unchanged.
#[derive(Debug, Default)]
pub struct UserEdit {
    /// The new 役割 of the user.
    pub role: Option<Role>,
    /// Whether the user is 緊急用アカウント after the edit.
    pub emergency_account: Option<bool>,
    /// All groups of the user after the edit.
    pub groups: Option<BTreeSet<GroupId>>,
    /// The new 氏名, as typed.
    pub name: Option<String>,
    /// The edit of メールアドレス, as typed.
    pub email: TextEdit,
    /// The edit of 従業員コード, as typed.
    pub employee_code: TextEdit,
    /// The new 認証方法 of the user.
    pub login_method: Option<LoginMethod>,
}

impl Accounts<'_> {
    /// Edits a user and returns the stored result. `connection` is the connection of the workspace, if
    /// it has one. A new address of the admin's own stays out of it until it is proven.
    ///
    /// # Errors
    /// [`AccountError`] when an edit is not allowed or not valid, or the write fails.
    pub async fn edit(
        &self,
        workspace: &Workspace,
        connection: Option<&Connection>,
        before: User,
        mut edit: UserEdit,
    ) -> Result<User, AccountError> {
        let own_address = self.take_own_address(&before, &mut edit);
        let mut after = before.clone();
        after.version += 1;
        let edited = !edit.is_empty();
        if let Some(role) = edit.role {
            check_may_give_role(self.admin, &before, role)?;
            after.role = role;
        }
        self.set_emergency_account(&mut after, edit.emergency_account)?;
        if let Some(groups) = &edit.groups {
            if !groups.iter().all(|id| workspace.group(id).is_some()) {
                return Err(AccountError::UnknownGroup);
            }
            after.groups = Arc::new(groups.clone());
        }
        let mut identity_fields = edit.identity_fields();
        identity_fields.extend(own_address.as_ref().map(|_| "メールアドレス"));
        if !identity_fields.is_empty() {
            if is_linked(&before, connection) {
                return Err(AccountError::LockedBySmartHr(identity_fields));
            }
            check_may_act_on(self.admin, &before)?;
            edit.apply_identity(&mut after, workspace)?;
            self.check_identifiers_free(&after).await?;
        }
        if after.is_emergency_account && after.login_method == LoginMethod::Sso {
            return Err(AccountError::EmergencyAccountKeepsPassword);
        }
        if let Some(typed) = own_address {
            self.ask_for_proof(&before, &typed, workspace).await?;
            if !edited {
                return Ok(before);
            }
        }

        after.note_admin_since(Some(&before), self.now);
        let unversioned = User {
            version: before.version,
            ..after.clone()
        };
        if unversioned == before {
            return Ok(before);
        }
        let mut commit = Commit::default();
        let mut hashes = CredentialHashChanges {
            end_sessions: before.login_method != after.login_method,
            ..CredentialHashChanges::default()
        };
        match first_login_after_edit(&before, &after) {
            Some(FirstLogin::Invitation) => {
                let key = self.derivation_key().await?;
                let credential = self.issue_invitation(&key, workspace, &mut after);
                hashes.invitation_hash = credential.hashes.invitation_hash;
                commit.mails.extend(credential.mail);
            }
            Some(FirstLogin::SingleSignOn) => after.admit_by_sso(),
            // An admin issues the initial password when it is needed.
            Some(FirstLogin::InitialPassword) => after.invitation = None,
            None => {}
        }
        commit.users = self.others_who_stay(&before, Some(&after)).await?;
        let changes = changes_of_user(&before, &after, workspace);
        let event = self.event(AuditAction::UserEdited, &before);
        commit
            .mails
            .extend(notices_of_change(&before, &after, self.now));
        commit.users.push(UserWrite::Change {
            before,
            after: after.clone(),
            hashes,
        });
        self.commit(event.with_changes(changes), commit).await?;
        Ok(after)
    }
}

/// Returns what an edited user needs for the next sign-in. An open invitation must not stay with a
/// wrong address, and a user who changes to passwords needs one.
fn first_login_after_edit(before: &User, after: &User) -> Option<FirstLogin> {
    let key = |user: &User| user.email.as_ref().map(EmailAddress::key);
    let method_changed = before.login_method != after.login_method;
    if after.login_method == LoginMethod::Sso {
        return method_changed.then_some(FirstLogin::SingleSignOn);
    }
    let link_to_old_address = before.invitation.is_some() && key(before) != key(after);
    let has_nothing = method_changed && after.credential == Credential::None;
    if !link_to_old_address && !has_nothing {
        return None;
    }
    Some(match after.email {
        Some(_) => FirstLogin::Invitation,
        None => FirstLogin::InitialPassword,
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::fixture::user;

    #[test]
    fn an_open_link_does_not_stay_with_a_wrong_address() {
        let mut before = user("u", Role::Member);
        before.credential = Credential::None;
        let fields = before.synced_fields(GroupId::new("viewers"));
        before.invite(fields, Timestamp::UNIX_EPOCH);
        let needs = |email: Option<EmailAddress>| {
            let after = User {
                email,
                ..before.clone()
            };
            first_login_after_edit(&before, &after)
        };
        let right = EmailAddress::parse("right@example.jp");
        assert_eq!(needs(right), Some(FirstLogin::Invitation));
        assert_eq!(needs(None), Some(FirstLogin::InitialPassword));
        assert_eq!(needs(before.email.clone()), None);
    }

    #[test]
    fn a_user_with_a_password_gets_no_link_for_a_new_address() {
        let before = user("u", Role::Member);
        let mut after = before.clone();
        after.email = EmailAddress::parse("new@example.jp");
        assert_eq!(first_login_after_edit(&before, &after), None);
    }
}
