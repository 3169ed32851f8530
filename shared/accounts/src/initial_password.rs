//! 「初期パスワードを再発行」: for people without e-mail who lost the initial password or let it expire, one or many at
//! once.
//!
//! Many people are issued passwords in several transactions, each of which has the mail in it: what was written is
//! mailed whenever the request dies, and a repetition goes on with the others.

use std::collections::BTreeMap;

use credentials::{CredentialIssuer, CredentialSeed, DerivationKey, hex};
use domain::{
    AuditAction, Credential, INITIAL_PASSWORD_LIFE, LoginMethod, MailKind, OutboxMail,
    PasswordIssue, Role, Status, User, UserId, is_plain_id,
};
use jiff::{SignedDuration, Timestamp};
use storage::StoreError;
use storage::password_issues::IssueWrite;
use storage::transaction::{Commit, MAX_TRANSACTION_ITEMS, UserWrite};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::invitation::{Mailed, NotMailed};
use crate::roles::check_may_act_on;

/// The largest number of people who are issued initial passwords in one request.
pub const MOST_PASSWORDS: usize = 200;

/// The time within which a second request for one person is taken for the first one.
const TWICE: SignedDuration = SignedDuration::from_mins(1);

/// The people of one transaction: a user and an event each, besides the issue and its mail.
const IN_ONE_TRANSACTION: usize = (MAX_TRANSACTION_ITEMS - 2) / 2;

/// Checks that an initial password is what `user` needs to sign in.
///
/// # Errors
/// [`AccountError::InitialPasswordForSso`], [`AccountError::InitialPasswordDespiteEmail`],
/// [`AccountError::InitialPasswordWithoutCode`]
pub fn check_needs_initial_password(user: &User) -> Result<(), AccountError> {
    if user.login_method == LoginMethod::Sso {
        return Err(AccountError::InitialPasswordForSso);
    }
    if user.email.is_some() {
        return Err(AccountError::InitialPasswordDespiteEmail);
    }
    if user.code.is_none() {
        return Err(AccountError::InitialPasswordWithoutCode);
    }
    Ok(())
}

impl Accounts<'_> {
    /// Issues a new initial password and mails it to every システム管理者 with an e-mail address. The user's
    /// previous password no longer works.
    ///
    /// # Errors
    /// [`AccountError`] when the user does not need an initial password, the admin may not issue one,
    /// or the write fails.
    pub async fn issue_initial_password(&self, user: User) -> Result<(), AccountError> {
        self.check_may_issue_to(&user)?;
        self.check_recipient().await?;
        self.issue_to(vec![user]).await
    }

    /// Issues new initial passwords to several people, with one mail about all of them. Those who need none do not
    /// affect the others.
    ///
    /// # Errors
    /// [`AccountError::PasswordCount`] when nobody is named, or more than [`MOST_PASSWORDS`] people; [`AccountError`] when a
    /// write fails: those who were written before have new passwords, and the mail has them.
    pub async fn issue_initial_passwords(
        &self,
        user_ids: Vec<String>,
    ) -> Result<Mailed, AccountError> {
        if !(1..=MOST_PASSWORDS).contains(&user_ids.len()) {
            return Err(AccountError::PasswordCount);
        }
        self.check_recipient().await?;
        let ids = user_ids.iter().filter(|id| is_plain_id(id));
        let ids = ids.map(UserId::new).collect();
        let users = self.store.users_by_id(self.workspace_id, &ids).await?;
        let mut known: BTreeMap<String, User> = users
            .into_iter()
            .map(|user| (user.user_id.to_string(), user))
            .collect();
        let (mut chosen, mut result) = (Vec::new(), Mailed::default());
        for user_id in user_ids {
            let user = known.remove(&user_id).ok_or(AccountError::UnknownUser);
            match user.and_then(|user| self.check_may_issue_to(&user).map(|()| user)) {
                Ok(user) => {
                    chosen.push(user);
                    result.mailed.push(user_id);
                }
                Err(reason) => result.refused.push(NotMailed { user_id, reason }),
            }
        }
        if !chosen.is_empty() {
            self.issue_to(chosen).await?;
        }
        Ok(result)
    }

    /// Checks that somebody gets the mail with an initial password.
    ///
    /// # Errors
    /// [`AccountError::NoRecipient`]
    pub(crate) async fn check_recipient(&self) -> Result<(), AccountError> {
        check_recipient_among(&self.store.admins(self.workspace_id).await?)
    }

    fn check_may_issue_to(&self, user: &User) -> Result<(), AccountError> {
        check_may_act_on(self.admin, user)?;
        check_needs_initial_password(user)
    }

    /// Issues passwords that have one seed and one mail. Each transaction has the mail in it, so that the passwords of
    /// a request that ended early are mailed as well, and a repetition goes on with the others.
    async fn issue_to(&self, users: Vec<User>) -> Result<(), AccountError> {
        let seed = CredentialSeed::generate(self.random);
        let seed_to_store = seed.expose_to_store().into();
        let admin = &self.admin.user_id;
        let random = hex(&self.random.bytes::<4>());
        let new = PasswordIssue::by_admin((admin, &random), users.len(), seed_to_store, self.now);
        let begun = self.begun_issue().await?;
        let mut is_stored = begun.is_some();
        let issue = begun.unwrap_or(new);
        let key = self.derivation_key().await?;
        let mail = mail_about(&issue, self.now);
        let is_open = |user: &User| !is_stored || !was_issued_at(user, self.now);
        let open: Vec<User> = users.into_iter().filter(is_open).collect();
        let mut written = Ok(());
        for people in open.chunks(IN_ONE_TRANSACTION) {
            let user_ids = people.iter().map(|user| user.user_id.clone());
            let commit = Commit {
                mails: vec![mail.clone()],
                password_issue: IssueWrite::to(&issue, user_ids.collect(), is_stored),
                ..self.passwords_for(people, &key, &(&issue.password_seed).into())
            };
            written = self
                .store
                .commit(self.workspace_id, &commit, self.now)
                .await;
            if written.is_err() {
                break;
            }
            is_stored = true;
        }
        self.ask_for_mails(vec![mail.mail_id]).await;
        Ok(written?)
    }

    /// Returns what an earlier attempt at this request issued from.
    pub(crate) async fn begun_issue(&self) -> Result<Option<PasswordIssue>, StoreError> {
        if !self.is_repetition {
            return Ok(None);
        }
        let prefix = PasswordIssue::prefix(&self.admin.user_id, self.now);
        let issues = self.store.password_issues(self.workspace_id, self.now);
        let mut issues = issues.await?.into_iter();
        Ok(issues.find(|issue| issue.issue_id.starts_with(&prefix)))
    }

    fn passwords_for(
        &self,
        people: &[User],
        key: &DerivationKey,
        seed: &CredentialSeed,
    ) -> Commit<'_> {
        let issuer = CredentialIssuer {
            key,
            workspace_id: self.workspace_id,
            now: self.now,
        };
        let mut commit = Commit::default();
        for before in people {
            let mut after = before.clone();
            after.version += 1;
            let credential = issuer.issue_initial_password(&mut after, seed, self.random);
            commit.users.push(UserWrite::Change {
                before: before.clone(),
                after,
                hashes: credential.hashes,
            });
            let event = self.event(AuditAction::InitialPasswordIssued, before);
            commit.audit.push(event);
        }
        commit
    }
}

/// Returns the mail with the initial passwords of an issue, to the システム管理者.
pub(crate) fn mail_about(issue: &PasswordIssue, now: Timestamp) -> OutboxMail {
    let issue_id = issue.issue_id.clone();
    OutboxMail::new(MailKind::IssuedPasswords { issue_id }, now)
}

/// Returns whether initial passwords are mailed to this user.
pub fn is_mailed_passwords(user: &User) -> bool {
    user.role == Role::SystemAdministrator && user.status == Status::Active && user.email.is_some()
}

/// Checks that one of the admins gets the mail with an initial password.
///
/// # Errors
/// [`AccountError::NoRecipient`]
pub(crate) fn check_recipient_among(admins: &[User]) -> Result<(), AccountError> {
    if admins.iter().any(is_mailed_passwords) {
        return Ok(());
    }
    Err(AccountError::NoRecipient)
}

/// Returns whether an initial password was issued to `user` within the minute before `now`: a second click issues none.
pub fn was_just_issued(user: &User, now: Timestamp) -> bool {
    let Credential::Initial { expires_at } = user.credential else {
        return false;
    };
    let age = INITIAL_PASSWORD_LIFE.saturating_sub(expires_at.duration_since(now));
    (SignedDuration::ZERO..TWICE).contains(&age)
}

/// Returns whether an initial password was issued to `user` at this very moment.
pub(crate) fn was_issued_at(user: &User, moment: Timestamp) -> bool {
    matches!(user.credential, Credential::Initial { expires_at }
        if expires_at.duration_since(moment) == INITIAL_PASSWORD_LIFE)
}
