//! The first システム管理者 of a workspace. They have no crew link, so that no sync touches them.

use std::sync::Arc;

use credentials::{CredentialIssuer, IssuedCredential, PasswordHash};
use domain::audit::changes_of_user;
use domain::{
    AuditEvent, Credential, CredentialHashChanges, EmailAddress, EmployeeCode, GroupId, Role,
    Status, User, UserId, Workspace, WorkspaceId,
};
use storage::transaction::{Commit, UserWrite};

use crate::check::Administrator;
use crate::error::ProvisionError;
use crate::handler::Provisioner;
use crate::workspace::EDITORS;

impl Provisioner {
    /// Creates the administrator. An existing one stays unchanged if they are 有効, and is issued a new credential
    /// otherwise, which the audit trail records as `event`. Returns the user's id and the ids of the mails to send.
    ///
    /// # Errors
    /// [`ProvisionError`] when the identifiers belong to other users, or AWS does not answer.
    pub(crate) async fn administrator(
        &self,
        workspace: &Workspace,
        fields: &Administrator,
        event: AuditEvent,
    ) -> Result<(UserId, Vec<String>), ProvisionError> {
        let (id, email) = (&workspace.workspace_id, fields.email.as_ref());
        let before = self.find(id, email, fields.code.as_ref()).await?;
        if let Some(user) = &before
            && user.status == Status::Active
        {
            let user_id = user.user_id.clone();
            tracing::info!(%user_id, "the administrator exists already and stays unchanged");
            return Ok((user_id, Vec::new()));
        }
        let group = editors(workspace);
        let mut after = before
            .clone()
            .unwrap_or_else(|| new_administrator(self.random.user_id(), group.clone()));
        after.name.clone_from(&fields.name);
        after.email.clone_from(&fields.email);
        after.code.clone_from(&fields.code);
        after.version += 1;
        let credential = if let Some(password) = &fields.password {
            let hash = PasswordHash::create(password.clone(), &self.random).await?;
            after.status = Status::Active;
            after.credential = Credential::Password;
            after.invitation = None;
            IssuedCredential {
                hashes: CredentialHashChanges {
                    password_hash: Some(hash.expose_to_store().to_owned()),
                    ..CredentialHashChanges::default()
                },
                mail: None,
            }
        } else {
            let fields = after.synced_fields(group);
            let issuer = CredentialIssuer {
                key: &self.key,
                workspace_id: &workspace.workspace_id,
                now: event.at,
            };
            issuer.invite(&mut after, fields, &self.random)
        };
        after.note_admin_since(before.as_ref(), event.at);
        let (user_id, hashes) = (after.user_id.clone(), credential.hashes);
        let changes = before.as_ref().map_or_else(Vec::new, |before| {
            changes_of_user(before, &after, workspace)
        });
        let event = event.about_user(&user_id).with_changes(changes);
        let now = event.at;
        let write = match before {
            None => UserWrite::Create { after, hashes },
            Some(before) => UserWrite::Change {
                before,
                after,
                hashes,
            },
        };
        let commit = Commit {
            users: vec![write],
            mails: credential.mail.into_iter().collect(),
            seats: workspace.seats,
            audit: vec![event],
            ..Commit::default()
        };
        self.store
            .commit(&workspace.workspace_id, &commit, now)
            .await?;
        let mail_ids = commit.mails.into_iter().map(|mail| mail.mail_id);
        Ok((user_id, mail_ids.collect()))
    }

    /// Returns the system administrator who has this address or code.
    pub(crate) async fn find(
        &self,
        workspace_id: &WorkspaceId,
        email: Option<&EmailAddress>,
        code: Option<&EmployeeCode>,
    ) -> Result<Option<User>, ProvisionError> {
        let mut found: Option<(UserId, String)> = None;
        if let Some(email) = email {
            let holder = self.store.holder_of_email(workspace_id, email).await?;
            found = holder.map(|user_id| (user_id, email.to_string()));
        }
        if let Some(code) = code
            && let Some(holder) = self.store.holder_of_code(workspace_id, code).await?
        {
            if found
                .as_ref()
                .is_some_and(|(user_id, _)| *user_id != holder)
            {
                return Err(ProvisionError::TwoUsers);
            }
            found = Some((holder, code.to_string()));
        }
        let Some((user_id, by)) = found else {
            return Ok(None);
        };
        match self.store.user(workspace_id, &user_id).await? {
            Some(user) if user.role == Role::SystemAdministrator => Ok(Some(user)),
            _ => Err(ProvisionError::Taken(by)),
        }
    }
}

/// Returns the group that may edit: the one with its name, or where admins renamed or deleted it, the first one.
pub(crate) fn editors(workspace: &Workspace) -> GroupId {
    let mut groups = workspace.groups.iter();
    let named = groups.find(|group| group.name == EDITORS);
    named
        .or(workspace.groups.first())
        .map_or_else(|| GroupId::new("none"), |group| group.id.clone())
}

fn new_administrator(user_id: UserId, group: GroupId) -> User {
    User {
        role: Role::SystemAdministrator,
        groups: Arc::new([group].into()),
        ..User::new(user_id, "")
    }
}
