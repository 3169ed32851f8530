//! Whom somebody wants to sign in as, as typed.

use domain::{EmailAddress, EmployeeCode, User, UserId, WorkspaceId};
use secrecy::SecretString;
use serde::Deserialize;
use storage::Store;
use storage::StoreError;
use storage::users::CredentialHashes;
use utoipa::ToSchema;

/// The fields of the form. Empty means not given.
#[derive(Deserialize)]
pub(crate) struct SignInFields {
    #[serde(default)]
    pub(crate) email: String,
    #[serde(default)]
    pub(crate) company_code: String,
    #[serde(default)]
    pub(crate) employee_code: String,
    #[serde(default)]
    pub(crate) password: SecretString,
}

/// The body of `POST /api/v1/sign-in`: one of two ways.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum SignIn {
    Email(SignInByEmail),
    Code(SignInByCode),
}

/// By e-mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInByEmail {
    #[schema(pattern = r"\S")]
    email: String,
    /// Tells workspaces apart that know the same address.
    #[serde(default)]
    company_code: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// By 企業コード and 従業員コード.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInByCode {
    #[schema(pattern = r"\S")]
    company_code: String,
    #[schema(pattern = r"\S")]
    employee_code: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

impl From<SignIn> for SignInFields {
    fn from(body: SignIn) -> Self {
        match body {
            SignIn::Email(by) => Self {
                email: by.email,
                company_code: by.company_code,
                employee_code: String::new(),
                password: by.password,
            },
            SignIn::Code(by) => Self {
                email: String::new(),
                company_code: by.company_code,
                employee_code: by.employee_code,
                password: by.password,
            },
        }
    }
}

/// An account as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// By e-mail; the company code tells workspaces apart that know the same address.
    Email {
        email: String,
        company_code: Option<String>,
    },
    /// By 企業コード and 従業員コード, for people without e-mail.
    Code {
        company_code: String,
        employee_code: String,
    },
}

/// A person who may be signing in.
pub(crate) struct Person {
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) user: User,
    pub(crate) hashes: CredentialHashes,
}

impl SignInFields {
    /// The account that the fields name, if they name one.
    pub(crate) fn account(&self) -> Option<Account> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let company_code = given(&self.company_code);
        if let Some(employee_code) = given(&self.employee_code) {
            return Some(Account::Code {
                company_code: company_code?,
                employee_code,
            });
        }
        given(&self.email).map(|email| Account::Email {
            email,
            company_code,
        })
    }
}

impl Account {
    /// The account as one text, the same however it is typed. Without the company code where an
    /// address is given: it must not multiply the guesses.
    pub(crate) fn as_typed(&self) -> String {
        match self {
            Self::Email { email, .. } => format!("email {}", email.to_ascii_lowercase()),
            Self::Code {
                company_code,
                employee_code,
            } => format!("code {} {employee_code}", company_code.to_ascii_lowercase()),
        }
    }

    /// The one person whom it names. Reads as much when there is nobody, so that the time of the
    /// answer tells nothing.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn person(&self, store: &Store) -> Result<Option<Person>, StoreError> {
        let (workspace_id, user_id) = match self {
            Self::Email {
                email,
                company_code,
            } => holder_of_email(store, email, company_code.as_deref()).await?,
            Self::Code {
                company_code,
                employee_code,
            } => holder_of_code(store, company_code, employee_code).await?,
        }
        .unwrap_or_else(nobody);
        let found = store.user_with_hashes(&workspace_id, &user_id).await?;
        Ok(found.map(|(user, hashes)| Person {
            workspace_id,
            user,
            hashes,
        }))
    }
}

/// Where a user is looked for who does not exist.
pub(crate) fn nobody() -> (WorkspaceId, UserId) {
    (WorkspaceId::new("nobody"), UserId::new("nobody"))
}

/// Nobody where several workspaces know the address and none is named: telling so would tell that
/// the address exists.
async fn holder_of_email(
    store: &Store,
    email: &str,
    company_code: Option<&str>,
) -> Result<Option<(WorkspaceId, UserId)>, StoreError> {
    let Some(email) = EmailAddress::parse(email) else {
        return Ok(None);
    };
    let mut holders = store.holders_of_email(&email).await?;
    if let Some(company_code) = company_code {
        let workspace_id = store.workspace_of_company_code(company_code).await?;
        holders.retain(|(holder, _)| Some(holder) == workspace_id.as_ref());
    }
    Ok(holders.pop().filter(|_| holders.is_empty()))
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
    let user_id = store.holder_of_code(&workspace_id, &employee_code).await?;
    Ok(user_id.map(|user_id| (workspace_id, user_id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(email: &str, company_code: &str, employee_code: &str) -> SignInFields {
        SignInFields {
            email: email.into(),
            company_code: company_code.into(),
            employee_code: employee_code.into(),
            password: "secret".into(),
        }
    }

    #[test]
    fn an_employee_code_needs_a_company_code() {
        assert_eq!(fields("", "", "0012").account(), None);
        assert_eq!(
            fields("", " MIDORI ", "\u{A0}-12").account(),
            Some(Account::Code {
                company_code: "MIDORI".into(),
                employee_code: "-12".into()
            })
        );
    }

    #[test]
    fn guesses_at_one_address_count_together_however_it_is_typed() {
        let typed = |email, company_code| {
            fields(email, company_code, "")
                .account()
                .expect("an account")
                .as_typed()
        };
        assert_eq!(typed("A@Example.com ", ""), typed("a@example.com", "OTHER"));
    }
}
