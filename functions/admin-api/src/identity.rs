//! What tells a user apart, edited by hand: name, e-mail, employee code, login method. Only for users
//! whom SmartHR does not decide about.

use domain::{EmailAddress, EmployeeCode, LoginMethod, User, Workspace, WorkspaceId};
use web::Problem;

use crate::app::App;
use crate::input::Edit;

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// What to change.
#[derive(Default)]
pub(crate) struct IdentityChange {
    pub(crate) name: Option<String>,
    pub(crate) email: Edit,
    pub(crate) employee_code: Edit,
    pub(crate) login_method: Option<LoginMethod>,
}

impl IdentityChange {
    /// What is to change, in the words of the screen.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        [
            (self.name.is_some(), "氏名"),
            (self.email != Edit::Keep, "メールアドレス"),
            (self.employee_code != Edit::Keep, "従業員コード"),
            (self.login_method.is_some(), "認証方法"),
        ]
        .into_iter()
        .filter_map(|(changes, field)| changes.then_some(field))
        .collect()
    }

    /// `user` with the change.
    ///
    /// # Errors
    /// The 400 for what nobody could be given, the 409 for what this user in this workspace cannot.
    pub(crate) fn apply(self, user: &mut User, workspace: &Workspace) -> Result<(), Problem> {
        if let Some(name) = self.name {
            user.name = checked_name(&name)?;
        }
        match self.email {
            Edit::Keep => {}
            Edit::Remove => user.email = None,
            Edit::Set(text) => user.email = Some(checked_email(&text, user, workspace)?),
        }
        match self.employee_code {
            Edit::Keep => {}
            Edit::Remove => user.code = None,
            Edit::Set(text) => user.code = Some(checked_code(&text)?),
        }
        if let Some(login_method) = self.login_method {
            user.login_method = login_method;
        }
        if user.email.is_none() && user.code.is_none() {
            return Err(Problem::conflict(
                "no_identifier",
                "メールアドレスと従業員コードの少なくとも一方を入力してください。",
            ));
        }
        if self.login_method == Some(LoginMethod::Sso) && !workspace.sso_configured {
            return Err(Problem::conflict(
                "sso_not_configured",
                "ワークスペースのSSOが設定されていません。",
            ));
        }
        if user.login_method == LoginMethod::Sso && user.email.is_none() {
            return Err(Problem::conflict(
                "sso_without_email",
                "認証方法がSSOのユーザーにはメールアドレスが必要です。",
            ));
        }
        Ok(())
    }
}

fn checked_name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    let printable = !name.chars().any(char::is_control);
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !printable {
        return Err(Problem::bad_request(
            "invalid_name",
            "氏名は1文字以上100文字以内で入力してください。",
        ));
    }
    Ok(name.to_owned())
}

/// An address of another domain than the allowed ones may stay, but not come.
fn checked_email(text: &str, user: &User, workspace: &Workspace) -> Result<EmailAddress, Problem> {
    let email = EmailAddress::parse(text).ok_or_else(|| {
        Problem::bad_request("invalid_email", "メールアドレスの形式が正しくありません。")
    })?;
    let had = user.email.as_ref().map(EmailAddress::key);
    if had != Some(email.key()) && !workspace.allows(&email) {
        return Err(Problem::conflict(
            "domain_not_allowed",
            "メールアドレスのドメインがKiteRaの設定で許可されていません。",
        ));
    }
    Ok(email)
}

fn checked_code(text: &str) -> Result<EmployeeCode, Problem> {
    EmployeeCode::parse(text).ok_or_else(|| {
        Problem::bad_request(
            "invalid_employee_code",
            "従業員コードは半角英数字とハイフンで、64文字以内で入力してください。",
        )
    })
}

/// Makes sure that nobody else in the workspace has the user's address or code. The write checks it
/// again; this gives the better reason.
///
/// # Errors
/// The 409 that says which one is taken.
pub(crate) async fn check_free(
    app: &App,
    workspace_id: &WorkspaceId,
    user: &User,
) -> Result<(), Problem> {
    if let Some(email) = &user.email {
        let holders = app.store().holders_of_email(email).await?;
        let taken = holders
            .iter()
            .any(|(holder_in, holder)| holder_in == workspace_id && *holder != user.user_id);
        if taken {
            return Err(Problem::conflict(
                "email_taken",
                "このメールアドレスは別のユーザーが使用しています。",
            ));
        }
    }
    if let Some(code) = &user.code {
        let holder = app.store().holder_of_code(workspace_id, code).await?;
        if holder.is_some_and(|holder| holder != user.user_id) {
            return Err(Problem::conflict(
                "employee_code_taken",
                "この従業員コードは別のユーザーが使用しています。",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::{Credential, GroupId, Role, Status, UserId};

    use super::*;

    pub(crate) fn workspace() -> Workspace {
        Workspace {
            workspace_id: WorkspaceId::new("ws"),
            name: "みどり商事".into(),
            company_code: "MIDORI".into(),
            seats: 10,
            allowed_domains: vec!["example.jp".into()],
            sso_configured: false,
            groups: vec![domain::Group {
                id: GroupId::new("viewers"),
                name: "閲覧権限グループ".into(),
            }],
            related_company_users: Vec::new(),
        }
    }

    pub(crate) fn user(id: &str, role: Role) -> User {
        User {
            email: EmailAddress::parse("hanako@old.example"),
            role,
            status: Status::Active,
            credential: Credential::Password,
            serial: 1,
            version: 1,
            ..User::new(UserId::new(id), "田中 花子")
        }
    }

    fn code_of(change: IdentityChange) -> &'static str {
        let mut user = user("u", Role::Member);
        change
            .apply(&mut user, &workspace())
            .err()
            .map_or("fine", |problem| problem.code)
    }

    #[test]
    fn bad_values_are_refused_with_their_reason() {
        let email = |text: &str| IdentityChange {
            email: Edit::Set(text.into()),
            ..IdentityChange::default()
        };
        assert_eq!(code_of(email("nonsense")), "invalid_email");
        assert_eq!(code_of(email("a@elsewhere.example")), "domain_not_allowed");
        assert_eq!(code_of(email("a@example.jp")), "fine");
        let code = |text: &str| IdentityChange {
            employee_code: Edit::Set(text.into()),
            ..IdentityChange::default()
        };
        assert_eq!(code_of(code("営業1")), "invalid_employee_code");
        let name = |text: &str| IdentityChange {
            name: Some(text.into()),
            ..IdentityChange::default()
        };
        assert_eq!(code_of(name(" ")), "invalid_name");
        assert_eq!(code_of(name("改\n行")), "invalid_name");
    }

    #[test]
    fn an_address_that_was_there_before_stays_although_its_domain_is_not_allowed() {
        assert_eq!(
            code_of(IdentityChange {
                email: Edit::Set("Hanako@old.example".into()),
                ..IdentityChange::default()
            }),
            "fine"
        );
    }

    #[test]
    fn nobody_is_left_without_any_identifier() {
        assert_eq!(
            code_of(IdentityChange {
                email: Edit::Remove,
                ..IdentityChange::default()
            }),
            "no_identifier"
        );
    }

    #[test]
    fn sso_needs_to_be_configured() {
        assert_eq!(
            code_of(IdentityChange {
                login_method: Some(LoginMethod::Sso),
                ..IdentityChange::default()
            }),
            "sso_not_configured"
        );
    }
}
