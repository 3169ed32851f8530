//! The first システム管理者 of a workspace: belongs to no SmartHR person, so that no sync touches them.

use std::sync::Arc;

use credentials::{PasswordHash, TokenHash};
use domain::apply::issue_first_login;
use domain::{
    Credential, FirstLogin, GroupId, Role, Status, SyncedFields, User, UserId, Workspace,
};
use domain::{MailKind, OutboxMail};
use jiff::Timestamp;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};

use crate::check::Administrator;
use crate::error::ProvisionError;
use crate::handler::Provisioner;
use crate::workspace::EDITORS;

/// What is written for the administrator.
struct Written {
    write: UserWrite,
    mails: Vec<OutboxMail>,
}

impl Provisioner {
    /// Creates the administrator, or finds the one there is: then only somebody who has not come
    /// in yet gets a new way in. Gives the id, and the ids of mails to be sent.
    ///
    /// # Errors
    /// [`ProvisionError`]
    pub(crate) async fn administrator(
        &self,
        workspace: &Workspace,
        wanted: &Administrator,
        now: Timestamp,
    ) -> Result<(UserId, Vec<String>), ProvisionError> {
        let found = self.find(workspace, wanted).await?;
        let user_id = match &found {
            Some(user) => user.user_id.clone(),
            None => self.random.user_id(),
        };
        if found
            .as_ref()
            .is_some_and(|user| user.status == Status::Active)
        {
            tracing::info!(%user_id, "the administrator is there already and stays as is");
            return Ok((user_id, Vec::new()));
        }
        let written = self.write(workspace, wanted, found, &user_id, now).await?;
        let mail_ids = written
            .mails
            .iter()
            .map(|mail| mail.mail_id.clone())
            .collect();
        let commit = Commit {
            users: vec![written.write],
            mails: written.mails,
            seats: workspace.seats,
            ..Commit::default()
        };
        self.store
            .commit(&workspace.workspace_id, &commit, now)
            .await?;
        Ok((user_id, mail_ids))
    }

    /// The system administrator who has the wanted address or code.
    async fn find(
        &self,
        workspace: &Workspace,
        wanted: &Administrator,
    ) -> Result<Option<User>, ProvisionError> {
        let workspace_id = &workspace.workspace_id;
        let mut found: Option<(UserId, String)> = None;
        if let Some(email) = &wanted.email {
            let holders = self.store.holders_of_email(email).await?;
            found = holders
                .into_iter()
                .find(|(holder, _)| holder == workspace_id)
                .map(|(_, user_id)| (user_id, email.to_string()));
        }
        if let Some(code) = &wanted.code
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

    async fn write(
        &self,
        workspace: &Workspace,
        wanted: &Administrator,
        found: Option<User>,
        user_id: &UserId,
        now: Timestamp,
    ) -> Result<Written, ProvisionError> {
        let group = editors(workspace);
        let mut after = found
            .clone()
            .unwrap_or_else(|| blank(user_id.clone(), group.clone()));
        after.name.clone_from(&wanted.name);
        after.email.clone_from(&wanted.email);
        after.code.clone_from(&wanted.code);
        after.version += 1;

        let (hashes, mails) = if let Some(password) = &wanted.password {
            let hash = PasswordHash::create(password.clone(), &self.random).await?;
            after.status = Status::Active;
            after.credential = Credential::Password;
            after.invitation = None;
            let hashes = CredentialHashChanges {
                password_hash: Some(hash.expose_to_store().to_owned()),
                ..CredentialHashChanges::default()
            };
            (hashes, Vec::new())
        } else {
            self.invite(workspace, &mut after, group, now)
        };
        let write = match found {
            None => UserWrite::Create { after, hashes },
            Some(before) => UserWrite::Change {
                before,
                after,
                hashes,
            },
        };
        Ok(Written { write, mails })
    }

    /// Invites the administrator, or invites them anew: an old link dies.
    fn invite(
        &self,
        workspace: &Workspace,
        user: &mut User,
        group: GroupId,
        now: Timestamp,
    ) -> (CredentialHashChanges, Vec<OutboxMail>) {
        let said = said(user, group);
        issue_first_login(user, FirstLogin::Invitation, &said, now);
        let secret = self.key.invitation_token(
            &workspace.workspace_id,
            &user.user_id,
            u64::from(user.serial),
        );
        let hashes = CredentialHashChanges {
            invitation_hash: Some(TokenHash::of(&secret).as_str().to_owned()),
            ..CredentialHashChanges::default()
        };
        let kind = MailKind::Invitation {
            user_id: user.user_id.clone(),
            serial: user.serial,
            again: user.serial > 1,
        };
        (hashes, vec![OutboxMail::new(kind, now)])
    }
}

/// The group that may edit; every workspace was just given it.
fn editors(workspace: &Workspace) -> GroupId {
    workspace
        .groups
        .iter()
        .find(|group| group.name == EDITORS)
        .map_or_else(|| GroupId::new("none"), |group| group.id.clone())
}

fn said(user: &User, default_group: GroupId) -> SyncedFields {
    SyncedFields {
        name: user.name.clone(),
        email: user.email.clone(),
        code: user.code.clone(),
        login_method: user.login_method,
        default_group,
    }
}

fn blank(user_id: UserId, group: GroupId) -> User {
    User {
        role: Role::SystemAdministrator,
        groups: Arc::new([group].into()),
        ..User::new(user_id, "")
    }
}
