//! [初期パスワードのカードを印刷] and the CSV for download: the initial passwords that were issued together, made
//! again.

use credentials::{DerivationKeys, InitialPasswordHash};
use domain::PasswordIssue;
use jiff::Timestamp;
use secrecy::SecretString;

use crate::accounts::Accounts;
use crate::error::AccountError;

/// An initial password that somebody can still sign in with. Its `Debug` output does not show the password.
#[derive(Clone, Debug)]
pub struct IssuedPassword {
    /// The user's name.
    pub name: String,
    /// The employee code, which the user signs in with.
    pub employee_code: String,
    /// The initial password.
    pub password: SecretString,
    /// The time at which the password expires.
    pub valid_until: Timestamp,
}

impl Accounts<'_> {
    /// Returns those passwords of `issue` that are still valid and were not replaced, in the order of the employee
    /// codes.
    ///
    /// # Errors
    /// [`AccountError`] when AWS does not answer, or a derivation key cannot be used.
    pub async fn issued_passwords(
        &self,
        issue: &PasswordIssue,
    ) -> Result<Vec<IssuedPassword>, AccountError> {
        let secret = self.secrets.derivation_key().await?;
        let keys = DerivationKeys::from_secret(&secret)?;
        let seed = (&issue.password_seed).into();
        let users = self.store.users_of_issue(self.workspace_id, issue).await?;
        let open = users.into_iter().filter_map(|(user, hash)| {
            let hash = InitialPasswordHash::from(hash);
            let open = keys.open_initial_password(&seed, self.workspace_id, &user, &hash, self.now);
            let (password, valid_until) = open?;
            Some(IssuedPassword {
                employee_code: user.code?.as_str().to_owned(),
                name: user.name,
                password,
                valid_until,
            })
        });
        let mut open: Vec<IssuedPassword> = open.collect();
        open.sort_by(|one, other| one.employee_code.cmp(&other.employee_code));
        Ok(open)
    }
}
