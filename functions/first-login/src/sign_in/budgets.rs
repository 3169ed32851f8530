//! The budgets of wrong guesses that an attempt to sign in is counted in.
//!
//! A refusal (429) depends on what was typed only, whether or not there is such an account. But an account can
//! be named by its address and by its employee code, so both count together as well. Where that budget is used
//! up, the password is answered as a wrong one: a refusal would tell that address and code are of one person.

use axum::http::StatusCode;
use jiff::Timestamp;
use storage::Store;
use web::Problem;

use crate::account::Account;
use crate::network_throttle::NetworkThrottle;
use crate::sign_in::AccountIdentifier;
use crate::sign_in_throttle::{SignInThrottle, name_of_user};

/// What becomes of an attempt.
pub(super) enum Counted {
    /// The password may be compared.
    Allowed {
        /// Whether the account is locked from everywhere, by this attempt.
        locks: bool,
    },
    /// The password is not compared, and answered as a wrong one.
    AnsweredAsWrong,
    /// The attempt is refused.
    Refused(Problem),
}

/// The budgets of one attempt.
pub(super) struct Budgets {
    /// What `account` is counted by, whether or not there is such an account.
    pub(super) name: String,
    network: NetworkThrottle,
    /// What was typed, in one form.
    typed_name: String,
    typed: AccountBudgets,
    account: AccountBudgets,
}

/// The budgets of one name of an account.
struct AccountBudgets {
    here: SignInThrottle,
    everywhere: SignInThrottle,
}

impl AccountBudgets {
    fn of(name: &str, network: &str) -> Self {
        Self {
            here: SignInThrottle::of_account_from(name, network),
            everywhere: SignInThrottle::of_account(name),
        }
    }

    async fn delete(&self, store: &Store) -> Result<(), Problem> {
        self.here.reset(store).await?;
        self.everywhere.reset(store).await
    }
}

impl Budgets {
    /// Returns the budgets of an attempt that names `account`, or nobody.
    pub(super) fn of(
        identifier: &AccountIdentifier,
        account: Option<&Account>,
        network: &str,
    ) -> Self {
        let name = name_of(identifier, account);
        let typed_name = identifier.normalized();
        Self {
            network: NetworkThrottle::of(network),
            typed: AccountBudgets::of(&typed_name, network),
            typed_name,
            account: AccountBudgets::of(&name, network),
            name,
        }
    }

    /// Counts a wrong guess, as far as the budgets allow one.
    ///
    /// # Errors
    /// The 503 when the table does not answer.
    pub(super) async fn count_guess(
        &self,
        store: &Store,
        now: Timestamp,
    ) -> Result<Counted, Problem> {
        match self.count_as_typed(store, now).await {
            Err(problem) if is_refusal(&problem) => return Ok(Counted::Refused(problem)),
            counted => counted?,
        }
        match self.count_at_account(store, now).await {
            Err(problem) if is_refusal(&problem) => Ok(Counted::AnsweredAsWrong),
            locks => Ok(Counted::Allowed { locks: locks? }),
        }
    }

    async fn count_as_typed(&self, store: &Store, now: Timestamp) -> Result<(), Problem> {
        // A guess that is refused from everywhere counts nowhere else.
        self.network.check(store, now).await?;
        self.typed.everywhere.check(store, now).await?;
        self.typed.here.count_guess(store, now).await?;
        self.network
            .count_guess(store, &self.typed_name, now)
            .await?;
        self.typed.everywhere.count_guess(store, now).await?;
        Ok(())
    }

    async fn count_at_account(&self, store: &Store, now: Timestamp) -> Result<bool, Problem> {
        self.account.here.count_guess(store, now).await?;
        self.account.everywhere.count_guess(store, now).await
    }

    /// Takes back the guess that was counted at `now` and turned out right. The wrong ones from this network
    /// are forgotten as well, but those at an address still count after a sign-in by somebody whose
    /// workspace merely says that it is theirs.
    ///
    /// # Errors
    /// The 503 when the table does not answer.
    pub(super) async fn take_back(
        &self,
        store: &Store,
        account: &Account,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let forgives = account.user.email.is_none() || account.has_proven_email();
        let name = name_of_user(&account.workspace_id, &account.user.user_id);
        let names = (&*self.typed_name, &*name);
        self.network
            .note_sign_in(store, names, forgives, now)
            .await?;
        for budgets in [&self.typed, &self.account] {
            budgets.everywhere.take_back(store, now).await?;
            if forgives {
                budgets.here.reset(store).await?;
            } else {
                budgets.here.take_back(store, now).await?;
            }
        }
        Ok(())
    }
}

/// Forgets the guesses at an account from everywhere, and those from this network, when its person came by
/// a mailed link.
///
/// # Errors
/// The 503 when a table does not answer.
pub(crate) async fn forget_guesses_at(
    store: &Store,
    account: &Account,
    network: &str,
) -> Result<(), Problem> {
    let user = &account.user;
    let workspace = store.workspace_to_show(&account.workspace_id).await?;
    let by_code = user.code.as_ref().zip(workspace).map(|(code, workspace)| {
        AccountIdentifier::EmployeeCode {
            company_code: workspace.company_code,
            employee_code: code.as_str().to_owned(),
        }
    });
    let by_address = user.email.as_ref().map(AccountIdentifier::of_address);
    for identifier in by_address.into_iter().chain(by_code) {
        let budgets = Budgets::of(&identifier, Some(account), network);
        budgets.typed.delete(store).await?;
        budgets.account.delete(store).await?;
    }
    Ok(())
}

/// Returns the one name of what was typed: the address of the account where it has one.
fn name_of(identifier: &AccountIdentifier, account: Option<&Account>) -> String {
    let email = account.and_then(|account| account.user.email.as_ref());
    let name = email.map_or_else(
        || identifier.normalized(),
        |email| AccountIdentifier::of_address(email).normalized(),
    );
    format!("account {name}")
}

fn is_refusal(problem: &Problem) -> bool {
    problem.status == StatusCode::TOO_MANY_REQUESTS
}
