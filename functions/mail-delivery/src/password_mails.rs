//! The mails with initial passwords: those of a run, or those that an admin issued again.

use credentials::{CredentialSeed, InitialPasswordHash};
use domain::time::later;
use domain::{
    Credential, INITIAL_PASSWORD_LIFE, IssuedBy, Mode, PasswordCsv, PasswordIssue, Role, RunId,
    User, Workspace,
};
use jiff::{SignedDuration, Timestamp};
use mail::{InitialPasswordRow, InitialPasswords, MailName, recipient_batches};

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

/// How long initial passwords wait that nobody can receive: they go out soon after a システム管理者 has an address that
/// works. Meanwhile the console has them.
pub(crate) const UNRECEIVED_WAIT: SignedDuration = SignedDuration::from_hours(1);

impl Delivery {
    /// Renders the initial passwords that a run issued and that nobody has replaced yet.
    pub(crate) async fn passwords_of_run(
        &self,
        workspace: &Workspace,
        run_id: &RunId,
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let run = self.store.run(workspace_id, run_id, Mode::Apply).await?;
        let Some(run) = run else {
            return Ok(Rendered::Dropped("the run is gone"));
        };
        let Some(seed) = run.password_seed else {
            return Ok(Rendered::Dropped("an earlier delivery sent the passwords"));
        };
        let seed = CredentialSeed::from(&seed);

        let users = self
            .store
            .users_given_passwords(workspace_id, run_id)
            .await?;
        let list = self
            .passwords_of(workspace, users, &seed, run.started_at, now)
            .await?;
        if list.passwords.is_empty() {
            self.store
                .forget_password_seed(workspace_id, run_id)
                .await?;
        }
        let issue = self
            .store
            .password_issue(workspace_id, run_id.as_str(), now);
        let issued = (IssuedBy::Run, run.started_at);
        self.password_mails(workspace, list, issued, issue.await?.as_ref(), now)
            .await
    }

    /// Renders the initial passwords that an admin issued, as far as they are still valid and the latest.
    pub(crate) async fn issued_passwords(
        &self,
        workspace: &Workspace,
        issue_id: &str,
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let id = &workspace.workspace_id;
        let Some(issue) = self.store.password_issue(id, issue_id, now).await? else {
            return Ok(Rendered::Dropped("the passwords cannot be made again"));
        };
        let (seed, issued_at) = ((&issue.password_seed).into(), issue.issued_at);
        let users = self.store.users_of_issue(id, &issue).await?;
        let list = self
            .passwords_of(workspace, users, &seed, issued_at, now)
            .await?;
        let issued = (issue.issued_by, issued_at);
        self.password_mails(workspace, list, issued, Some(&issue), now)
            .await
    }

    /// Returns those initial passwords of these users, each with the stored hash, that are derived from `seed`, issued
    /// since `issued_at`, and not replaced.
    async fn passwords_of(
        &self,
        workspace: &Workspace,
        users: Vec<(User, String)>,
        seed: &CredentialSeed,
        issued_at: Timestamp,
        now: Timestamp,
    ) -> Result<PasswordList, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let all = users.len();
        let mut list = PasswordList::default();
        for (user, hash) in users {
            let hash = InitialPasswordHash::from(hash);
            let Credential::Initial { expires_at } = user.credential else {
                continue;
            };
            // Earlier passwords were mailed, and their keys may be gone.
            if expires_at < later(issued_at, INITIAL_PASSWORD_LIFE) {
                continue;
            }
            let keys = self.keys.holding(hash.key_id().as_ref(), now).await?;
            let open = keys.open_initial_password(seed, workspace_id, &user, &hash, now);
            let (Some((password, valid_until)), Some(code)) = (open, &user.code) else {
                continue;
            };
            list.add(InitialPasswordRow {
                employee_code: code.as_str().to_owned(),
                name: user.name,
                password,
                valid_until,
                login_url: workspace.login_url(&self.public_base_url),
            });
        }
        tracing::info!(
            %workspace_id, of_this_issue = list.passwords.len(), all,
            "users with an initial password"
        );
        Ok(list)
    }

    async fn password_mails(
        &self,
        workspace: &Workspace,
        list: PasswordList,
        (issued_by, issued_at): (IssuedBy, Timestamp),
        issue: Option<&PasswordIssue>,
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let Some(valid_until) = list.valid_until else {
            return Ok(Rendered::Dropped(
                "nobody needs an initial password any more",
            ));
        };
        let to = self
            .admins(workspace, |role| role == Role::SystemAdministrator)
            .await?;
        if to.is_empty() {
            let why = "no active system administrator has an e-mail address";
            tracing::warn!(workspace_id = %workspace.workspace_id, "{why}");
            return Ok(Rendered::Postponed(later(now, UNRECEIVED_WAIT), why));
        }
        let content = InitialPasswords {
            workspace_name: MailName::new(&workspace.name),
            company_code: workspace.company_code.clone(),
            issued_by,
            issued_at,
            valid_until,
            cards_url: self.initial_passwords_url(),
            kept_until: issue.map(|issue| issue.kept_until),
            csv: self.password_csv(workspace, issue).await?,
        };
        let mut mails = Vec::new();
        for recipients in recipient_batches(&to) {
            mails.extend(content.mails(&self.from, &recipients, &list.passwords)?);
        }
        Ok(Rendered::Mails(mails))
    }

    /// Returns whether the mail has the CSV. It has it when there is no other way to the passwords.
    async fn password_csv(
        &self,
        workspace: &Workspace,
        issue: Option<&PasswordIssue>,
    ) -> Result<PasswordCsv, DeliveryError> {
        if issue.is_none() {
            return Ok(PasswordCsv::Attached);
        }
        let connection = self.store.connection(&workspace.workspace_id).await?;
        Ok(connection.map_or_else(PasswordCsv::default, |it| it.settings.password_csv))
    }
}

/// The rows of the CSV with initial passwords.
#[derive(Default)]
struct PasswordList {
    passwords: Vec<InitialPasswordRow>,
    /// The earliest expiry among the passwords; `None` for an empty list.
    valid_until: Option<Timestamp>,
}

impl PasswordList {
    fn add(&mut self, row: InitialPasswordRow) {
        let first = self.valid_until.unwrap_or(row.valid_until);
        self.valid_until = Some(first.min(row.valid_until));
        self.passwords.push(row);
    }
}
