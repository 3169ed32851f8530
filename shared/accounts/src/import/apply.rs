//! [この内容で招待する]: adds the people whom the preview found good, some in each transaction.

use credentials::{CredentialSeed, DerivationKey};
use domain::time::later;
use domain::{PasswordIssue, User, Workspace};
use storage::StoreError;
use storage::password_issues::IssueWrite;
use storage::transaction::{Commit, ImportStep, UserWrite};
use tokio::time::Instant;

use super::stored::to_json;
use super::{BadLine, ImportProgress, KEPT, LineProblem, PersonToImport, UserImport};
use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::initial_password::mail_about;
use crate::invitation::InvitationLimits;
use crate::new_user::{check_rights, new_user};

/// The items of the people of one transaction: the 100 that DynamoDB takes, less the seats, the progress, and an issue
/// of passwords and its mail.
const ITEMS_OF_PEOPLE: usize = 96;

/// The most items of one person: a user, an address, a code in both cases, a mail and an event.
const ITEMS_OF_PERSON: usize = 6;

/// What all people of an import are added with.
struct Work<'a> {
    import: &'a UserImport,
    workspace: &'a Workspace,
    key: DerivationKey,
    limits: InvitationLimits,
    /// What initial passwords are derived from, if anybody needs one.
    passwords: Option<Passwords>,
}

struct Passwords {
    issue: PasswordIssue,
    /// Whether the issue is stored. It is written with the first password.
    is_stored: bool,
    /// Whether this request issued any.
    has_mail: bool,
}

impl Accounts<'_> {
    /// Adds the people of an import who were not handled yet, until `deadline`. Somebody who cannot be added any more
    /// does not affect the others. A repetition goes on with the rest.
    ///
    /// # Errors
    /// [`AccountError`] when AWS does not answer; those who were added before stay added.
    pub async fn carry_out_import(
        &self,
        workspace: &Workspace,
        import: &UserImport,
        mut progress: ImportProgress,
        deadline: Instant,
    ) -> Result<ImportProgress, AccountError> {
        let passwords = match import.by_code() {
            0 => None,
            by_code => Some(self.passwords_of_import(import, by_code).await?),
        };
        let mut work = Work {
            import,
            workspace,
            key: self.derivation_key().await?,
            limits: self.invitation_limits(workspace).await?,
            passwords,
        };
        let carried_out = self.steps(&mut work, &mut progress, deadline).await;
        if let Some(passwords) = work.passwords.filter(|it| it.has_mail) {
            let mail = mail_about(&passwords.issue, self.now);
            self.ask_for_mails(vec![mail.mail_id]).await;
        }
        carried_out?;
        Ok(progress)
    }

    async fn steps(
        &self,
        work: &mut Work<'_>,
        progress: &mut ImportProgress,
        deadline: Instant,
    ) -> Result<(), AccountError> {
        let mut size = usize::MAX;
        while progress.handled < work.import.people.len() && Instant::now() < deadline {
            let left = &work.import.people[progress.handled..];
            let people = &left[..size.min(fitting(left))];
            match self.step(work, progress, people).await {
                Ok(next) => {
                    *progress = next;
                    size = size.saturating_mul(2);
                }
                // Somebody of these cannot be added any more: one by one it shows who.
                Err(AccountError::Store(StoreError::Conflict(_) | StoreError::SeatsFull))
                    if people.len() > 1 =>
                {
                    size = 1;
                }
                Err(AccountError::Store(StoreError::SeatsFull)) => {
                    *progress = self.refuse_all(work, progress, left).await?;
                }
                Err(AccountError::Store(conflict @ StoreError::Conflict(_))) => {
                    let (_, stored) = self.find_import(&work.import.import_id).await?;
                    if stored.handled != progress.handled {
                        // Another request carries the import out.
                        *progress = stored;
                        return Ok(());
                    }
                    let person = &left[0];
                    let user = self.user_of(work, person)?;
                    let Err(taken) = self.check_identifiers_free(&user).await else {
                        return Err(conflict.into());
                    };
                    let bad = person.bad_line(LineProblem::of(taken)?);
                    let next = progress.with(1, vec![bad]);
                    *progress = self.note(work, progress, next).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Adds these people in one transaction, and returns how far the import has come then.
    async fn step(
        &self,
        work: &mut Work<'_>,
        progress: &ImportProgress,
        people: &[PersonToImport],
    ) -> Result<ImportProgress, AccountError> {
        let mut commit = Commit {
            seats: work.workspace.seats,
            ..Commit::default()
        };
        let mut refused = Vec::new();
        let mut given_passwords = Vec::new();
        for person in people {
            let user = match self.user_of(work, person) {
                Ok(user) => user,
                Err(reason) => {
                    refused.push(person.bad_line(LineProblem::of(reason)?));
                    continue;
                }
            };
            commit
                .audit
                .push(self.addition_event(&user, work.workspace));
            let (after, credential) = match &work.passwords {
                Some(passwords) if user.email.is_none() => {
                    given_passwords.push(user.user_id.clone());
                    let seed: CredentialSeed = (&passwords.issue.password_seed).into();
                    self.with_initial_password(&work.key, &seed, user)
                }
                _ => self.invited(&work.key, work.workspace, user),
            };
            commit.mails.extend(credential.mail);
            commit.users.push(UserWrite::Create {
                after,
                hashes: credential.hashes,
            });
        }
        let invitations = commit.mails.iter().map(|mail| mail.mail_id.clone());
        let invitations: Vec<String> = invitations.collect();
        let issues_passwords = !given_passwords.is_empty();
        if let Some(passwords) = work.passwords.as_ref().filter(|_| issues_passwords) {
            // Each time, so that the mail has the passwords of a request that ended early as well.
            commit.mails.push(mail_about(&passwords.issue, self.now));
            let (issue, is_stored) = (&passwords.issue, passwords.is_stored);
            commit.password_issue = IssueWrite::to(issue, given_passwords, is_stored);
        }
        let next = progress.with(people.len(), refused);
        commit.import = Some(import_step(work.import, progress, &next)?);
        self.store
            .commit(self.workspace_id, &commit, self.now)
            .await?;
        if let Some(passwords) = work.passwords.as_mut().filter(|_| issues_passwords) {
            passwords.is_stored = true;
            passwords.has_mail = true;
        }
        self.ask_for_mails(invitations).await;
        Ok(next)
    }

    /// Returns the user that somebody becomes now. What the preview found is checked again.
    fn user_of(&self, work: &Work<'_>, person: &PersonToImport) -> Result<User, AccountError> {
        check_rights(self.admin, work.workspace, person.role, &person.groups)?;
        let ids = (self.random.user_id(), &self.admin.user_id);
        let rights = (person.role, &person.groups);
        let user = new_user(work.workspace, ids, rights, &person.new_person())?;
        if user.email.is_some() {
            work.limits.check(&user)?;
        }
        Ok(user)
    }

    /// Refuses all who are left: every seat is taken.
    async fn refuse_all(
        &self,
        work: &Work<'_>,
        progress: &ImportProgress,
        left: &[PersonToImport],
    ) -> Result<ImportProgress, AccountError> {
        let refused = left.iter().map(|it| it.bad_line(LineProblem::NoSeat));
        let next = progress.with(left.len(), refused.collect());
        self.note(work, progress, next).await
    }

    /// Notes that people were handled whom nothing was written for.
    async fn note(
        &self,
        work: &Work<'_>,
        progress: &ImportProgress,
        next: ImportProgress,
    ) -> Result<ImportProgress, AccountError> {
        let commit = Commit {
            import: Some(import_step(work.import, progress, &next)?),
            ..Commit::default()
        };
        self.store
            .commit(self.workspace_id, &commit, self.now)
            .await?;
        Ok(next)
    }

    /// Returns what the initial passwords of an import are derived from: the same for all requests that carry it out.
    async fn passwords_of_import(
        &self,
        import: &UserImport,
        people: usize,
    ) -> Result<Passwords, AccountError> {
        self.check_recipient().await?;
        let seed = CredentialSeed::generate(self.random);
        let of_import = import.import_id.get(..8).unwrap_or_default();
        let admin = (&import.uploaded_by, of_import);
        let seed = seed.expose_to_store().into();
        let new = PasswordIssue::by_admin(admin, people, seed, import.uploaded_at);
        let stored = self
            .store
            .password_issue(self.workspace_id, &new.issue_id, self.now)
            .await?;
        Ok(Passwords {
            is_stored: stored.is_some(),
            has_mail: false,
            issue: stored.unwrap_or(new),
        })
    }
}

/// Returns how many of the first of these people fit into one transaction. An admin has one item more.
fn fitting(people: &[PersonToImport]) -> usize {
    let items = people.iter().scan(0, |items, person| {
        *items += ITEMS_OF_PERSON + usize::from(person.role.may_manage_connection());
        Some(*items)
    });
    items.take_while(|items| *items <= ITEMS_OF_PEOPLE).count()
}

/// Returns what a transaction says about the import.
fn import_step(
    import: &UserImport,
    before: &ImportProgress,
    after: &ImportProgress,
) -> Result<ImportStep, AccountError> {
    Ok(ImportStep {
        import_id: import.import_id.clone(),
        handled_before: before.handled,
        handled: after.handled,
        progress: to_json(after)?,
        kept_until: later(import.uploaded_at, KEPT),
    })
}

impl ImportProgress {
    /// Returns the progress after more people were handled, of whom these were refused.
    fn with(&self, handled: usize, refused: Vec<BadLine>) -> Self {
        let mut next = self.clone();
        next.handled += handled;
        next.refused.extend(refused);
        next
    }
}
