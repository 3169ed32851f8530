//! Lookup of the accounts that somebody wants to sign in to.

use credentials::Random;
use domain::text::folded;
use domain::{EmailAddress, EmployeeCode, UserId, WorkspaceId};
use storage::{Store, StoreError};

use crate::account::Account;
use crate::refusals::Method;
use crate::sign_in::candidates::Candidates;
use crate::sign_in::fields::SignInFields;

/// The identifier of an account, as typed, and folded: full width, dashes, blanks and invisible characters
/// do not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AccountIdentifier {
    /// An e-mail address. The company code selects one of several workspaces that have a user with the
    /// same address; one that no workspace has selects none of them.
    Email {
        email: String,
        company_code: Option<String>,
    },
    /// The 企業コード and 従業員コード of a user without e-mail.
    EmployeeCode {
        company_code: String,
        employee_code: String,
    },
}

impl SignInFields {
    /// Returns the identifier that the fields contain; `None` if too few are filled in.
    pub(crate) fn account_identifier(&self) -> Option<AccountIdentifier> {
        let filled_in = |text: &str| Some(folded(text)).filter(|text| !text.is_empty());
        let company_code = filled_in(&self.company_code);
        if let Some(employee_code) = filled_in(&self.employee_code) {
            return Some(AccountIdentifier::EmployeeCode {
                company_code: company_code?,
                employee_code,
            });
        }
        filled_in(&self.email).map(|email| AccountIdentifier::Email {
            email: EmailAddress::with_ascii_domain(&email).into_owned(),
            company_code,
        })
    }
}

impl AccountIdentifier {
    /// Returns the way in, for the log.
    pub(super) fn method(&self) -> Method {
        match self {
            Self::Email { .. } => Method::Email,
            Self::EmployeeCode { .. } => Method::EmployeeCode,
        }
    }

    /// Returns the identifier of the accounts that have this address.
    pub(crate) fn of_address(email: &EmailAddress) -> Self {
        Self::Email {
            email: email.as_str().to_owned(),
            company_code: None,
        }
    }

    /// Returns the identifier as one text that does not depend on how it was typed. It leaves the
    /// company code out for an e-mail address: otherwise each code would allow further guesses.
    pub(crate) fn normalized(&self) -> String {
        match self {
            Self::Email { email, .. } => format!("email {}", email.to_ascii_lowercase()),
            Self::EmployeeCode {
                company_code,
                employee_code,
            } => format!("code {company_code} {employee_code}").to_ascii_lowercase(),
        }
    }

    /// Finds the accounts that may be meant. Reads as often in every case, so that the response time
    /// reveals nothing.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(super) async fn find(&self, store: &Store) -> Result<Candidates, StoreError> {
        let accounts = self.accounts(store).await?;
        Ok(match self {
            Self::Email { .. } => Candidates::in_any_workspace(accounts),
            Self::EmployeeCode { .. } => Candidates::in_one_workspace(accounts),
        })
    }

    /// Returns the accounts that have the identifier. Reads as often in every case.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn accounts(&self, store: &Store) -> Result<Vec<Account>, StoreError> {
        let mut holders = match self {
            Self::Email {
                email,
                company_code,
            } => holders_of_email(store, email, company_code.as_deref()).await?,
            Self::EmployeeCode {
                company_code,
                employee_code,
            } => holder_of_code(store, company_code, employee_code)
                .await?
                .into_iter()
                .collect(),
        };
        if holders.is_empty() {
            holders.push((WorkspaceId::new("nobody"), UserId::new("nobody")));
        }
        Account::load_all(store, &holders).await
    }
}

/// Returns keys that belong to no user, and a session epoch. They are random, so that nothing about the
/// person who typed something is stored, and two such people do not meet.
pub(crate) fn nobody(random: &Random) -> (WorkspaceId, UserId, u64) {
    (WorkspaceId::new("nobody"), random.user_id(), 0)
}

/// Returns the holder of the address in the workspace of the company code, or all its holders without one. A
/// code that no workspace has says nothing: browsers fill in the company's name.
async fn holders_of_email(
    store: &Store,
    email: &str,
    company_code: Option<&str>,
) -> Result<Vec<(WorkspaceId, UserId)>, StoreError> {
    let Some(email) = EmailAddress::parse(email) else {
        return Ok(Vec::new());
    };
    let mut holders = store.holders_of_email(&email).await?;
    if let Some(company_code) = company_code
        && let Some(workspace_id) = store.workspace_of_company_code(company_code).await?
    {
        holders.retain(|(holder, _)| *holder == workspace_id);
    }
    Ok(holders)
}

async fn holder_of_code(
    store: &Store,
    company_code: &str,
    employee_code: &str,
) -> Result<Option<(WorkspaceId, UserId)>, StoreError> {
    let Some(employee_code) = EmployeeCode::parse(employee_code) else {
        return Ok(None);
    };
    let workspace_id = store
        .workspace_of_company_code(company_code)
        .await?
        .unwrap_or(WorkspaceId::new("nobody"));
    let user_id = store
        .holder_of_code_in_any_case(&workspace_id, &employee_code)
        .await?;
    Ok(user_id.map(|user_id| (workspace_id, user_id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identifier(
        email: &str,
        company_code: &str,
        employee_code: &str,
    ) -> Option<AccountIdentifier> {
        SignInFields {
            email: email.into(),
            company_code: company_code.into(),
            employee_code: employee_code.into(),
            password: "secret".into(),
            return_to: String::new(),
        }
        .account_identifier()
    }

    #[test]
    fn an_employee_code_needs_a_company_code() {
        assert_eq!(identifier("", "", "0012"), None);
        assert_eq!(
            identifier("", " ＭＩＤＯＲＩ ", "\u{A0}ー１２"),
            Some(AccountIdentifier::EmployeeCode {
                company_code: "MIDORI".into(),
                employee_code: "-12".into()
            })
        );
    }

    #[test]
    fn guesses_at_one_address_count_together_however_it_is_typed() {
        let one = identifier("Ａ＠Example.com\u{200B} ", "", "").expect("an account");
        let other = identifier("a@example.com", "OTHER", "").expect("an account");
        assert_eq!(one.normalized(), other.normalized());
    }
}
