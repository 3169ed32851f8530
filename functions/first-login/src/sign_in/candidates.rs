//! The accounts whose passwords a typed one is compared with.
//!
//! Several workspaces may have users with one address, and any customer can give a user somebody else's
//! address. So an open invitation is no candidate, the accounts of people who proved that the address is
//! theirs go before the others, and places are kept for each of the two kinds: nobody takes another
//! one's place by naming their address.

use domain::{Credential, LoginMethod, Status};
use jiff::Timestamp;
use secrecy::SecretString;
use web::Problem;

use crate::account::Account;
use crate::sign_in::password_match::{PasswordMatch, match_password};

/// How many accounts of each kind are compared with: those with a proven address, and the others.
/// A person whose account is left out signs in with the company code.
const PLACES: usize = 2;

/// The accounts that may be meant, and how many comparisons a guess costs.
pub(super) struct Candidates {
    accounts: Vec<Account>,
    comparisons: usize,
}

impl Candidates {
    /// Takes the accounts that have the typed identifier in the workspace that was named: one at most.
    pub(super) fn in_one_workspace(accounts: Vec<Account>) -> Self {
        Self {
            accounts,
            comparisons: 1,
        }
    }

    /// Takes the accounts that have the typed address, in whichever workspace.
    pub(super) fn in_any_workspace(mut accounts: Vec<Account>) -> Self {
        accounts.retain(signs_in_by_password);
        accounts.sort_by(|a, b| a.workspace_id.cmp(&b.workspace_id));
        let (mut proven, mut others): (Vec<_>, Vec<_>) =
            accounts.into_iter().partition(Account::has_proven_email);
        proven.truncate(PLACES);
        others.truncate(PLACES);
        proven.append(&mut others);
        Self {
            accounts: proven,
            comparisons: 2 * PLACES,
        }
    }

    /// Returns the account that the password opens, with how it does. `None` if there is none, or if it
    /// opens several, of which the company code has to choose one. Takes the same number of argon2
    /// hashes for every address, so that the response time reveals nothing.
    ///
    /// # Errors
    /// The 500 when a hash cannot be computed or read.
    pub(super) async fn opened_by(
        self,
        password: &SecretString,
        now: Timestamp,
    ) -> Result<Option<(Account, PasswordMatch)>, Problem> {
        let mut opened = Vec::new();
        let mut accounts = self.accounts.into_iter();
        for _ in 0..self.comparisons {
            let account = accounts.next();
            let matched = match_password(account.as_ref(), password.clone(), now).await?;
            if let Some(account) = account
                && matched != PasswordMatch::Wrong
            {
                opened.push((account, matched));
            }
        }
        if opened.iter().any(|(account, _)| account.has_proven_email()) {
            opened.retain(|(account, _)| account.has_proven_email());
        }
        Ok(opened.pop().filter(|_| opened.is_empty()))
    }
}

fn signs_in_by_password(account: &Account) -> bool {
    account.user.status == Status::Active
        && account.user.login_method == LoginMethod::Password
        && account.user.credential != Credential::None
}
