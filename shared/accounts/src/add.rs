//! [ユーザーを招待]: adds people who are not in SmartHR, such as an auditor. By e-mail they get an invitation, by employee code
//! an initial password. Should SmartHR have them later, the sync finds them by address, then by code.
//!
//! Somebody who was added by hand has no crew link, so no run touches them until then. An admin, not the night, sends
//! them a new link. The user remembers by id who added them. Nobody is added as システム管理者, since the link could
//! still be sent to another address.

use std::collections::BTreeSet;

use credentials::{CredentialSeed, DerivationKey, hex};
use domain::{GroupId, INVITATION_LIFE, PasswordIssue, Role, User, Workspace, invitation_mail_id};
use storage::password_issues::IssueWrite;
use storage::transaction::{Commit, UserWrite};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::initial_password::{mail_about, was_issued_at};
use crate::invitation::InvitationLimits;
use crate::new_user::{NewPerson, check_rights, new_user};

/// The largest number of people who are invited in one request.
pub const MOST_ADDED: usize = 30;

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
        check_rights(self.admin, workspace, new.role, &new.groups)?;
        if by_code {
            self.check_recipient().await?;
        }
        let limits = self.invitation_limits(workspace).await?;
        let key = self.derivation_key().await?;
        let mut result = Added::default();
        for person in &new.people {
            let ids = (self.random.user_id(), &self.admin.user_id);
            let user = new_user(workspace, ids, (new.role, &new.groups), person);
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
        let event = self.addition_event(&user, workspace);
        let mut commit = Commit {
            seats: workspace.seats,
            ..Commit::default()
        };
        let (after, credential) = if user.email.is_some() {
            limits.check(&user)?;
            self.invited(key, workspace, user)
        } else {
            let seed = CredentialSeed::generate(self.random);
            let random = hex(&self.random.bytes::<4>());
            let admin = (&self.admin.user_id, random.as_str());
            let issue = PasswordIssue::by_admin(admin, 1, seed.expose_to_store().into(), self.now);
            commit.mails.push(mail_about(&issue, self.now));
            let user_id = user.user_id.clone();
            commit.password_issue = IssueWrite::to(&issue, vec![user_id], false);
            self.with_initial_password(key, &seed, user)
        };
        commit.mails.extend(credential.mail);
        commit.users.push(UserWrite::Create {
            after: after.clone(),
            hashes: credential.hashes,
        });
        self.commit(event, commit).await?;
        Ok(after)
    }

    /// Returns the user whom an earlier attempt at this request added, with their mail asked for again.
    async fn added_before(&self, user: &User) -> Result<Option<User>, AccountError> {
        if !self.is_repetition {
            return Ok(None);
        }
        let (store, id) = (self.store, self.workspace_id);
        let holder = match (&user.email, &user.code) {
            (Some(email), _) => store.holder_of_email(id, email).await?,
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
        // Longer if its mail went out late.
        if life.is_some_and(|life| life >= INVITATION_LIFE) {
            let mail_id = invitation_mail_id(&added.user_id, added.serial);
            self.ask_for_mails(vec![mail_id]).await;
            return Ok(Some(added));
        }
        if was_issued_at(&added, self.now) {
            if let Some(issue) = self.begun_issue().await? {
                let mail = mail_about(&issue, self.now);
                self.ask_for_mails(vec![mail.mail_id]).await;
            }
            return Ok(Some(added));
        }
        Ok(None)
    }
}
