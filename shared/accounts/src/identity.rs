//! The identity of a user: name, e-mail, employee code, login method. Admins edit it only while SmartHR
//! does not determine it.

use domain::text::visible_name;
use domain::{EmailAddress, EmployeeCode, LoginMethod, User, Workspace};

use crate::accounts::Accounts;
use crate::edit::UserEdit;
use crate::error::AccountError;

/// The length limit of a name, in characters.
const LONGEST_NAME: usize = 100;

/// An edit of an optional text field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TextEdit {
    /// The field stays as it is.
    #[default]
    Keep,
    /// The field is empty afterwards.
    Remove,
    /// The field gets this text, as typed.
    Set(String),
}

impl UserEdit {
    /// Returns whether nothing is edited.
    pub(crate) fn is_empty(&self) -> bool {
        self.role.is_none()
            && self.emergency_account.is_none()
            && self.groups.is_none()
            && self.identity_fields().is_empty()
    }

    /// Returns the edited fields of the identity, named as on the screen.
    pub(crate) fn identity_fields(&self) -> Vec<&'static str> {
        [
            (self.name.is_some(), "氏名"),
            (self.email != TextEdit::Keep, "メールアドレス"),
            (self.employee_code != TextEdit::Keep, "従業員コード"),
            (self.login_method.is_some(), "認証方法"),
        ]
        .into_iter()
        .filter_map(|(changes, field)| changes.then_some(field))
        .collect()
    }

    /// Applies the edits to the identity of a user.
    pub(crate) fn apply_identity(
        self,
        user: &mut User,
        workspace: &Workspace,
    ) -> Result<(), AccountError> {
        if let Some(name) = self.name {
            user.name = checked_name(&name)?;
        }
        match self.email {
            TextEdit::Keep => {}
            TextEdit::Remove => user.email = None,
            TextEdit::Set(text) => user.email = Some(checked_email(&text, user, workspace)?),
        }
        match self.employee_code {
            TextEdit::Keep => {}
            TextEdit::Remove => user.code = None,
            TextEdit::Set(text) => {
                let code = EmployeeCode::parse(&text);
                user.code = Some(code.ok_or(AccountError::InvalidEmployeeCode)?);
            }
        }
        if let Some(login_method) = self.login_method {
            user.login_method = login_method;
        }
        if user.email.is_none() && user.code.is_none() {
            return Err(AccountError::NoIdentifier);
        }
        if self.login_method == Some(LoginMethod::Sso) && !workspace.sso_configured() {
            return Err(AccountError::SsoNotConfigured);
        }
        if user.login_method == LoginMethod::Sso && user.email.is_none() {
            return Err(AccountError::SsoWithoutEmail);
        }
        Ok(())
    }
}

pub(crate) fn checked_name(text: &str) -> Result<String, AccountError> {
    visible_name(text)
        .filter(|name| name.chars().count() <= LONGEST_NAME)
        .ok_or(AccountError::InvalidName)
}

/// Parses an address. A user may keep an address of a domain that is not allowed, but not get one.
pub(crate) fn checked_email(
    text: &str,
    user: &User,
    workspace: &Workspace,
) -> Result<EmailAddress, AccountError> {
    let email = EmailAddress::parse(text).ok_or(AccountError::InvalidEmail)?;
    let had = user.email.as_ref().map(EmailAddress::key);
    if had != Some(email.key()) && !workspace.allows(&email) {
        return Err(AccountError::DomainNotAllowed);
    }
    Ok(email)
}

impl Accounts<'_> {
    /// Checks that nobody else in the workspace has the user's address or code. The write checks it
    /// again, but cannot report which of the two is taken.
    pub(crate) async fn check_identifiers_free(&self, user: &User) -> Result<(), AccountError> {
        if let Some(email) = &user.email {
            let holder = self.store.holder_of_email(self.workspace_id, email).await?;
            if holder.is_some_and(|holder| holder != user.user_id) {
                return Err(AccountError::EmailTaken);
            }
        }
        if let Some(code) = &user.code {
            let holder = self.store.holder_of_code(self.workspace_id, code).await?;
            if holder.is_some_and(|holder| holder != user.user_id) {
                return Err(AccountError::EmployeeCodeTaken);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;
    use crate::fixture::{user, workspace};

    fn refusal(edit: UserEdit) -> Option<AccountError> {
        let mut user = user("u", Role::Member);
        edit.apply_identity(&mut user, &workspace()).err()
    }

    fn email(text: &str) -> UserEdit {
        UserEdit {
            email: TextEdit::Set(text.into()),
            ..UserEdit::default()
        }
    }

    macro_rules! assert_refused {
        ($edit:expr, $reason:ident) => {
            assert!(matches!(refusal($edit), Some(AccountError::$reason)));
        };
    }

    #[test]
    fn bad_values_are_refused_with_their_reason() {
        assert_refused!(email("nonsense"), InvalidEmail);
        assert_refused!(email("a@elsewhere.example"), DomainNotAllowed);
        assert!(refusal(email("a@example.jp")).is_none());
        let code = UserEdit {
            employee_code: TextEdit::Set("営業1".into()),
            ..UserEdit::default()
        };
        assert_refused!(code, InvalidEmployeeCode);
        for name in [" ", "\u{200B}\u{3164}", &"長".repeat(101)] {
            let edit = UserEdit {
                name: Some(name.into()),
                ..UserEdit::default()
            };
            assert_refused!(edit, InvalidName);
        }
    }

    #[test]
    fn an_address_that_was_there_before_stays_although_its_domain_is_not_allowed() {
        assert!(refusal(email("Hanako@old.example")).is_none());
    }

    #[test]
    fn nobody_is_left_without_any_identifier() {
        let edit = UserEdit {
            email: TextEdit::Remove,
            ..UserEdit::default()
        };
        assert_refused!(edit, NoIdentifier);
    }

    #[test]
    fn sso_needs_to_be_configured() {
        let edit = UserEdit {
            login_method: Some(LoginMethod::Sso),
            ..UserEdit::default()
        };
        assert_refused!(edit, SsoNotConfigured);
    }
}
