//! `POST /users/{id}`: [保存する]

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{LoginMethod, Role, User};
use web::{Problem, ProblemPage};

use super::person::{address, refused};
use super::role_choice::role_of;
use crate::app::App;
use crate::input::{Edit, Id};
use crate::pages::gate::ManagerForm;
use crate::user_changes::{UserChange, change_in};
use crate::users::find;

/// What stands in the form: the user's data, or what somebody typed instead.
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) code: String,
    pub(super) login_method: LoginMethod,
    pub(super) role: Role,
    /// Ids.
    pub(super) groups: BTreeSet<String>,
}

impl From<&User> for Typed {
    fn from(user: &User) -> Self {
        Self {
            name: user.name.clone(),
            email: user
                .email
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            code: user
                .code
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            login_method: user.login_method,
            role: user.role,
            groups: user.groups.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Typed {
    /// The form's fields. One that the form does not have, as it cannot be edited, stays as it is; a
    /// group's box that is not ticked is not sent.
    fn read(user: &User, fields: Vec<(String, String)>) -> Result<(Self, u64), Problem> {
        let mut typed = Self::from(user);
        typed.groups.clear();
        let mut version = 0;
        for (field, value) in fields {
            match field.as_str() {
                "name" => value.trim().clone_into(&mut typed.name),
                "email" => value.trim().clone_into(&mut typed.email),
                "employee_code" => value.trim().clone_into(&mut typed.code),
                "login_method" => {
                    typed.login_method = match value.as_str() {
                        "password" => LoginMethod::Password,
                        "sso" => LoginMethod::Sso,
                        _ => return Err(not_of_ours()),
                    }
                }
                "role" => typed.role = role_of(&value).ok_or_else(not_of_ours)?,
                "groups" => {
                    typed.groups.insert(value);
                }
                "version" => version = value.parse().map_err(|_| not_of_ours())?,
                _ => {}
            }
        }
        Ok((typed, version))
    }

    /// What is different from `user`. Nothing else is asked for, so that what may not be edited is not
    /// taken for an edit.
    fn change_of(&self, user: &User) -> UserChange {
        let now = Self::from(user);
        let edit = |typed: &String, now: &String| match typed {
            same if same == now => Edit::Keep,
            typed if typed.is_empty() => Edit::Remove,
            typed => Edit::Set(typed.clone()),
        };
        UserChange {
            role: (self.role != now.role).then_some(self.role),
            groups: (self.groups != now.groups).then(|| self.groups.clone()),
            name: (self.name != now.name).then(|| self.name.clone()),
            email: edit(&self.email, &now.email),
            employee_code: edit(&self.code, &now.code),
            login_method: (self.login_method != now.login_method).then_some(self.login_method),
        }
    }
}

/// Saves and shows the user; or shows the form again with the reason.
pub(super) async fn submit(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ManagerForm { visitor, fields }: ManagerForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let before = find(&app, visitor.workspace_id(), id.clone()).await?;
    let link = app.store().connection(visitor.workspace_id()).await?;
    let link = link.as_ref();
    let (typed, version) = Typed::read(&before, fields)?;
    if version != before.version {
        let problem = Problem::conflict(
            "changed_meanwhile",
            "この画面を開いた後に、ユーザー情報がほかの操作で変更されました。最新の情報を表示しています。ご確認のうえ、もう一度保存してください。",
        );
        let typed = Typed::from(&before);
        return Ok(refused(&app, &visitor, link, (&before, typed), &problem));
    }
    let change = typed.change_of(&before);
    let around = (&visitor.workspace, link);
    match change_in(&app, around, &visitor.signed_in, before.clone(), change).await {
        Ok(_) => Ok(Redirect::to(&address(&id, "saved")).into_response()),
        Err(problem) => Ok(refused(&app, &visitor, link, (&before, typed), &problem)),
    }
}

fn not_of_ours() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "invalid_request",
        "フォームの内容が正しくありません。画面を更新して、もう一度お試しください。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::user;

    fn change_by(fields: &[(&str, &str)]) -> UserChange {
        let user = user("u", Role::Member);
        let fields = fields.iter().map(|(name, value)| {
            let owned: (String, String) = ((*name).into(), (*value).into());
            owned
        });
        let (typed, _) = Typed::read(&user, fields.collect()).unwrap();
        typed.change_of(&user)
    }

    #[test]
    fn only_what_differs_is_an_edit() {
        let change = change_by(&[
            ("name", " 田中 花子 "),
            ("email", "hanako@old.example"),
            ("employee_code", ""),
            ("login_method", "password"),
            ("role", "staff"),
        ]);
        assert_eq!(change.name, None);
        assert_eq!(
            (change.email, change.employee_code),
            (Edit::Keep, Edit::Keep)
        );
        assert_eq!(change.login_method, None);
        assert_eq!(change.role, Some(Role::Staff));
        assert_eq!(change.groups, None);
    }

    #[test]
    fn an_emptied_field_is_taken_away_and_a_ticked_group_is_given() {
        let change = change_by(&[
            ("email", ""),
            ("employee_code", "A-1"),
            ("groups", "viewers"),
        ]);
        assert_eq!(change.email, Edit::Remove);
        assert_eq!(change.employee_code, Edit::Set("A-1".into()));
        assert_eq!(change.groups, Some(["viewers".to_owned()].into()));
    }
}
