//! [ユーザーを招待]: adds people who are not in SmartHR, such as an auditor. By e-mail they get an invitation, by employee code
//! an initial password. Should SmartHR have them later, the sync finds them by address, then by code.

use std::collections::BTreeSet;
use std::sync::Arc;

use credentials::{CredentialIssuer, CredentialSeed, DerivationKey, hex};
use domain::apply::INVITATION_LIFE;
use domain::text::visible;
use domain::{
    AuditAction, AuditChange, AuditEvent, AuditField, CredentialHashChanges, EmailAddress,
    EmployeeCode, GroupId, MailKind, OutboxMail, PasswordIssue, Role, User, UserId, Workspace,
    invitation_mail_id,
};
use storage::transaction::{Commit, UserWrite};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::identity::{checked_email, checked_name};
use crate::initial_password::{check_recipient, was_issued_at};
use crate::invitation::InvitationLimits;
use crate::roles::check_may_give_role;

/// The largest number of people who are invited in one request.
pub const MOST_ADDED: usize = 30;

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
    fn typed(&self) -> String {
        let typed = self.email.as_ref().or(self.employee_code.as_ref());
        typed.cloned().unwrap_or_default()
    }
}

/// The people to be added, all with the same role and groups.
#[derive(Clone, Debug)]
pub struct NewPeople {
    /// At most [`MOST_ADDED`] with an address, or one without.
    pub people: Vec<NewPerson>,
    /// 役割 of all of them.
    pub role: Role,
    /// グループ of all of them.
    pub groups: BTreeSet<GroupId>,
}

/// The result of adding people, in the order of the request.
#[derive(Debug, Default)]
pub struct Added {
    /// Those who were added.
    pub added: Vec<User>,
    /// Those who were not.
    pub refused: Vec<NotAdded>,
}

/// Somebody who was not added.
#[derive(Debug)]
pub struct NotAdded {
    /// The address or code as typed.
    pub person: String,
    /// Why not.
    pub reason: AccountError,
}

impl Accounts<'_> {
    /// Adds people, each in a transaction of its own. Those who cannot be added do not affect the others.
    ///
    /// # Errors
    /// [`AccountError`] when nobody was added, for a reason that concerns all of them.
    pub async fn add(&self, workspace: &Workspace, new: NewPeople) -> Result<Added, AccountError> {
        if !(1..=MOST_ADDED).contains(&new.people.len()) {
            return Err(AccountError::AddCount);
        }
        let by_code = new.people.iter().any(|person| person.email.is_none());
        if by_code && new.people.len() > 1 {
            return Err(AccountError::OneCodeAtATime);
        }
        let nobody_yet = User::new(UserId::new(""), "");
        check_may_give_role(self.admin, &nobody_yet, new.role)?;
        if !new.groups.iter().all(|id| workspace.group(id).is_some()) {
            return Err(AccountError::UnknownGroup);
        }
        if by_code {
            check_recipient(&self.store.users(self.workspace_id).await?)?;
        }
        let limits = self.invitation_limits(workspace).await?;
        let key = self.derivation_key().await?;
        let mut result = Added::default();
        for person in &new.people {
            let user = new_user(self, workspace, &new, person);
            let added = match user {
                Ok(user) => self.add_one(&key, &limits, workspace, user).await,
                Err(reason) => Err(reason),
            };
            match added {
                Ok(user) => result.added.push(user),
                Err(reason) => result.refused.push(NotAdded {
                    person: person.typed(),
                    reason,
                }),
            }
        }
        Ok(result)
    }

    async fn add_one(
        &self,
        key: &DerivationKey,
        limits: &InvitationLimits,
        workspace: &Workspace,
        user: User,
    ) -> Result<User, AccountError> {
        if let Some(added) = self.added_before(&user).await? {
            return Ok(added);
        }
        self.check_identifiers_free(&user).await?;
        let event = event(self, &user, workspace);
        let (after, commit) = if user.email.is_some() {
            limits.check(&user)?;
            self.invited(key, workspace, user)
        } else {
            self.with_initial_password(key, user)
        };
        let seats = workspace.seats;
        self.commit(event, Commit { seats, ..commit }).await?;
        Ok(after)
    }

    /// Returns the user whom an earlier attempt at this request added, with their mail asked for again.
    async fn added_before(&self, user: &User) -> Result<Option<User>, AccountError> {
        if !self.is_repetition {
            return Ok(None);
        }
        let (store, id) = (self.store, self.workspace_id);
        let holder = match (&user.email, &user.code) {
            (Some(email), _) => {
                let mut holders = store.holders_of_email(email).await?.into_iter();
                let holder = holders.find(|(workspace_id, _)| workspace_id == id);
                holder.map(|(_, user_id)| user_id)
            }
            (None, Some(code)) => store.holder_of_code(id, code).await?,
            (None, None) => None,
        };
        let Some(holder) = holder else {
            return Ok(None);
        };
        let Some(added) = store.user(id, &holder).await? else {
            return Ok(None);
        };
        if added.added_by.as_ref() != Some(&self.admin.user_id) {
            return Ok(None);
        }
        let invitation = added.invitation.as_ref();
        let life = invitation.map(|it| it.expires_at.duration_since(self.now));
        if life == Some(INVITATION_LIFE) {
            let mail_id = invitation_mail_id(&added.user_id, added.serial);
            self.ask_for_mails(vec![mail_id]).await;
            return Ok(Some(added));
        }
        if was_issued_at(&added, self.now) {
            if let Some(issue) = self.begun_issue().await? {
                self.ask_for_mails(vec![mail_about(&issue, self).mail_id])
                    .await;
            }
            return Ok(Some(added));
        }
        Ok(None)
    }

    fn invited(
        &self,
        key: &DerivationKey,
        workspace: &Workspace,
        mut after: User,
    ) -> (User, Commit<'_>) {
        let credential = self.issue_invitation(key, workspace, &mut after);
        let commit = Commit {
            users: vec![UserWrite::Create {
                after: after.clone(),
                hashes: credential.hashes,
            }],
            mails: credential.mail.into_iter().collect(),
            ..Commit::default()
        };
        (after, commit)
    }

    fn with_initial_password(&self, key: &DerivationKey, mut after: User) -> (User, Commit<'_>) {
        let issuer = CredentialIssuer {
            key,
            workspace_id: self.workspace_id,
            now: self.now,
        };
        let seed = CredentialSeed::generate(self.random);
        let credential = issuer.issue_initial_password(&mut after, &seed, self.random);
        after.note_admin_since(None, self.now);
        let random = hex(&self.random.bytes::<4>());
        let admin = (&self.admin.user_id, random.as_str());
        let issue = PasswordIssue::by_admin(admin, 1, seed.expose_to_store().into(), self.now);
        let commit = Commit {
            users: vec![UserWrite::Create {
                after: after.clone(),
                hashes: CredentialHashChanges {
                    // There are none yet.
                    end_sessions: false,
                    ..credential.hashes
                },
            }],
            mails: vec![mail_about(&issue, self)],
            password_issue: Some(issue),
            ..Commit::default()
        };
        (after, commit)
    }
}

/// Returns the mail with an initial password, to the システム管理者.
fn mail_about(issue: &PasswordIssue, accounts: &Accounts<'_>) -> OutboxMail {
    let issue_id = issue.issue_id.clone();
    OutboxMail::new(MailKind::IssuedPasswords { issue_id }, accounts.now)
}

/// Returns the user that a person becomes, without a way in yet.
fn new_user(
    accounts: &Accounts<'_>,
    workspace: &Workspace,
    new: &NewPeople,
    person: &NewPerson,
) -> Result<User, AccountError> {
    let mut user = User {
        role: new.role,
        groups: Arc::new(new.groups.clone()),
        added_by: Some(accounts.admin.user_id.clone()),
        version: 1,
        ..User::new(accounts.random.user_id(), "")
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

/// Returns the event of an addition: of name, address and code it says nothing.
fn event(accounts: &Accounts<'_>, user: &User, workspace: &Workspace) -> AuditEvent {
    let groups = user.groups.iter().filter_map(|id| workspace.group(id));
    let groups: Vec<&str> = groups.map(|group| group.name.as_str()).collect();
    let changes = [
        AuditChange::of(AuditField::Role, "", user.role.label()),
        AuditChange::of(AuditField::Groups, "", groups.join("、")),
    ];
    let event = accounts.event(AuditAction::UserAdded, user);
    event.with_changes(changes.into_iter().flatten().collect())
}
