//! The mails with initial passwords: those of a run, or one that an admin issued again.

use credentials::{CredentialSeed, DerivationKeys, InitialPasswordHash};
use domain::apply::INITIAL_PASSWORD_LIFE;
use domain::time::later;
use domain::{Credential, Mode, Role, RunId, User, UserId, Workspace};
use jiff::Timestamp;
use mail::{InitialPasswordRow, InitialPasswords, IssuedBy, MailName, recipient_batches};

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

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

        let users = self.store.users_with_initial_password(workspace_id).await?;
        let all = users.len();
        let mut list = PasswordList::new(self.login_url(workspace));
        for (user, hash) in users {
            let hash = InitialPasswordHash::from(hash);
            let Credential::Initial { expires_at } = user.credential else {
                continue;
            };
            // Passwords of earlier runs were mailed, and their keys may be gone.
            if expires_at < later(run.started_at, INITIAL_PASSWORD_LIFE) {
                continue;
            }
            let keys = self.keys.holding(hash.key_id().as_ref(), now).await?;
            list.add(&keys, workspace, &seed, &user, &hash, now);
        }
        if list.passwords.is_empty() {
            self.store
                .forget_password_seed(workspace_id, run_id)
                .await?;
        }
        tracing::info!(
            %workspace_id, %run_id, of_this_run = list.passwords.len(), all,
            "users with an initial password"
        );
        self.password_mails(workspace, list, IssuedBy::Run, run.started_at)
            .await
    }

    /// Renders an initial password that an admin issued, if it is the user's latest and still valid.
    pub(crate) async fn issued_password(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        serial: u32,
        seed: &str,
        issued_at: Timestamp,
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let found = self.store.user_with_hashes(workspace_id, user_id).await?;
        let Some((user, hashes)) = found else {
            return Ok(Rendered::Dropped("the user is gone"));
        };
        if user.serial != serial {
            return Ok(Rendered::Dropped("something newer took its place"));
        }
        let Credential::Initial { expires_at } = user.credential else {
            return Ok(Rendered::Dropped("the initial password was replaced"));
        };
        if expires_at <= now {
            return Ok(Rendered::Dropped("the initial password expired"));
        }
        let hash = hashes
            .initial_password_hash
            .map(InitialPasswordHash::from)
            .ok_or(DeliveryError::NotTheStoredSecret)?;
        let seed = CredentialSeed::from_stored(seed.into());
        let mut list = PasswordList::new(self.login_url(workspace));
        let keys = self.keys.holding(hash.key_id().as_ref(), now).await?;
        if !list.add(&keys, workspace, &seed, &user, &hash, now) {
            return Err(DeliveryError::NotTheStoredSecret);
        }
        self.password_mails(workspace, list, IssuedBy::Admin, issued_at)
            .await
    }

    async fn password_mails(
        &self,
        workspace: &Workspace,
        list: PasswordList,
        issued_by: IssuedBy,
        issued_at: Timestamp,
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
            return Err(DeliveryError::NoSystemAdministrator);
        }
        let content = InitialPasswords {
            workspace_name: MailName::new(&workspace.name),
            company_code: workspace.company_code.clone(),
            issued_by,
            issued_at,
            valid_until,
        };
        let mut mails = Vec::new();
        for recipients in recipient_batches(&to) {
            mails.extend(content.mails(&self.from, &recipients, &list.passwords)?);
        }
        Ok(Rendered::Mails(mails))
    }

    /// Returns the URL where people without e-mail sign in, with the company code filled in.
    fn login_url(&self, workspace: &Workspace) -> String {
        format!(
            "{}/sign-in?company_code={}",
            self.public_base_url, workspace.company_code
        )
    }
}

/// The rows of the CSV with initial passwords.
struct PasswordList {
    login_url: String,
    passwords: Vec<InitialPasswordRow>,
    /// The earliest expiry among the passwords; `None` for an empty list.
    valid_until: Option<Timestamp>,
}

impl PasswordList {
    fn new(login_url: String) -> Self {
        Self {
            login_url,
            passwords: Vec::new(),
            valid_until: None,
        }
    }

    /// Adds the user if the password derived from `seed` is the stored one and still valid, so neither
    /// another run's nor one that was issued since. Returns whether the user was added.
    fn add(
        &mut self,
        keys: &DerivationKeys,
        workspace: &Workspace,
        seed: &CredentialSeed,
        user: &User,
        hash: &InitialPasswordHash,
        now: Timestamp,
    ) -> bool {
        let (Credential::Initial { expires_at }, Some(code)) = (user.credential, &user.code) else {
            return false;
        };
        let (id, serial) = (&workspace.workspace_id, u64::from(user.serial));
        let derived = keys
            .all()
            .map(|key| key.initial_password(seed, id, &user.user_id, serial))
            .find(|password| hash.matches(password));
        let Some(password) = derived.filter(|_| now < expires_at) else {
            return false;
        };
        self.passwords.push(InitialPasswordRow {
            name: user.name.clone(),
            employee_code: code.as_str().to_owned(),
            password,
            valid_until: expires_at,
            login_url: self.login_url.clone(),
        });
        let first = self.valid_until.unwrap_or(expires_at);
        self.valid_until = Some(first.min(expires_at));
        true
    }
}
