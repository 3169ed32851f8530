//! The accounts whose passwords a typed one is compared with.
//!
//! Several workspaces may have users with one address, and any customer can give a user somebody else's
//! address. So an open invitation is no candidate, the accounts of people who proved that the address is
//! theirs go before the others, and places are kept for each of the two kinds: nobody takes another
//! one's place by naming their address.
//!
//! At most two accounts with a proven address and two others are compared. Where two of them open, and for an account
//! that is left out, the company code decides; mails and the welcome page name it. A company code that no workspace
//! has is ignored, because browsers fill in the company's name.

use std::collections::BTreeSet;

use domain::{Credential, LoginMethod, Status, UserId, WorkspaceId};
use jiff::Timestamp;
use secrecy::SecretString;
use storage::{Store, StoreError};
use web::Problem;

use crate::account::Account;
use crate::known_browser::KnownBrowser;
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
    /// Takes the accounts that have the typed employee code in the workspace that was named: one at most.
    pub(super) fn in_one_workspace(accounts: Vec<Account>) -> Self {
        Self {
            accounts,
            comparisons: 1,
        }
    }

    /// Takes the accounts that have the typed address, in whichever workspace. A guess costs as much with a
    /// company code, so that nobody learns from the time whether there is such a company.
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

    /// Returns the account that is meant most likely: of somebody whose address is proven, if there is one.
    pub(super) fn first(&self) -> Option<&Account> {
        self.accounts.first()
    }

    /// Returns the candidates whose people signed in in this browser before. Reads as much for every
    /// identifier.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(super) async fn known_to(
        &self,
        browser: &KnownBrowser,
        store: &Store,
        now: Timestamp,
    ) -> Result<BTreeSet<String>, StoreError> {
        let nobody = |place| (WorkspaceId::new("nobody"), UserId::new(format!("{place}")));
        let ids = (0..self.comparisons).map(|place| {
            let account = self.accounts.get(place);
            account.map_or_else(
                || nobody(place),
                |it| (it.workspace_id.clone(), it.user.user_id.clone()),
            )
        });
        let hashes = ids.map(|(workspace_id, user_id)| browser.hash_with(&workspace_id, &user_id));
        store.known_browsers(&hashes.collect::<Vec<_>>(), now).await
    }

    /// Leaves the accounts that are known in a browser, by their hashes; without a browser none. The number
    /// of comparisons stays.
    pub(super) fn keep(&mut self, known: Option<(&KnownBrowser, &BTreeSet<String>)>) {
        self.accounts.retain(|account| {
            known.is_some_and(|(browser, hashes)| {
                let hash = browser.hash_with(&account.workspace_id, &account.user.user_id);
                hashes.contains(&hash)
            })
        });
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
