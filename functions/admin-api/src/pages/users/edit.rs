//! `POST /users/{id}`: [保存する] edits a user.

use std::collections::BTreeSet;

use accounts::{TextEdit, UserEdit};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::visible;
use domain::{GroupId, LoginMethod, Role, User};
use web::{Problem, ProblemPage};

use super::text;
use super::user::{address, refused};
use crate::api::users::edit::check_confirmed_for;
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, incomplete_form};
use crate::input::Id;
use crate::pages::wire_names::value_of;

/// The fields of the form: the user's data, or the typed values.
pub(super) struct FormFields {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) code: String,
    pub(super) login_method: LoginMethod,
    pub(super) role: Role,
    pub(super) emergency_account: bool,
    pub(super) groups: BTreeSet<GroupId>,
}

impl From<&User> for FormFields {
    fn from(user: &User) -> Self {
        Self {
            name: user.name.clone(),
            email: text(user.email.as_ref()),
            code: text(user.code.as_ref()),
            login_method: user.login_method,
            role: user.role,
            emergency_account: user.is_emergency_account,
            groups: user.groups.as_ref().clone(),
        }
    }
}

impl FormFields {
    /// Reads the form's fields, and the version of the user that the form was opened with. A field that
    /// the form lacks because it cannot be edited keeps its value; the box of a group is sent only when
    /// it is ticked.
    fn read(user: &User, fields: Vec<(String, String)>) -> Result<(Self, u64), ProblemPage> {
        let mut typed = Self::from(user);
        typed.groups.clear();
        let mut version = 0;
        for (field, value) in fields {
            match field.as_str() {
                "name" => value.trim().clone_into(&mut typed.name),
                "email" => typed.email = visible(&value).unwrap_or_default(),
                "employee_code" => typed.code = visible(&value).unwrap_or_default(),
                "login_method" => {
                    typed.login_method = value_of(&value).ok_or_else(incomplete_form)?;
                }
                "role" => typed.role = value_of(&value).ok_or_else(incomplete_form)?,
                // The box comes after a hidden "no", which is sent when the box is not ticked.
                "emergency_account" => typed.emergency_account = value == "yes",
                "groups" => {
                    typed.groups.insert(GroupId::new(value));
                }
                "version" => version = value.parse().map_err(|_| incomplete_form())?,
                _ => {}
            }
        }
        Ok((typed, version))
    }

    /// Returns the fields that differ from `user`. Only those count as edits, so that fields that may
    /// not be edited are never among them.
    fn edit_of(&self, user: &User) -> UserEdit {
        let stored = Self::from(user);
        let edit = |typed: &String, stored: &String| match typed {
            same if same == stored => TextEdit::Keep,
            typed if typed.is_empty() => TextEdit::Remove,
            typed => TextEdit::Set(typed.clone()),
        };
        UserEdit {
            role: (self.role != stored.role).then_some(self.role),
            emergency_account: (self.emergency_account != stored.emergency_account)
                .then_some(self.emergency_account),
            groups: (self.groups != stored.groups).then(|| self.groups.clone()),
            name: (self.name != stored.name).then(|| self.name.clone()),
            email: edit(&self.email, &stored.email),
            employee_code: edit(&self.code, &stored.code),
            login_method: (self.login_method != stored.login_method).then_some(self.login_method),
        }
    }
}

/// Saves the edit and redirects to the user, or shows the form again with the reason why it was not
/// saved.
pub(super) async fn submit(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, fields }: AdminForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let accounts = app.accounts(&admin.signed_in);
    let before = accounts.find(&id).await.map_err(problem)?;
    let connection = admin.connection()?;
    let (typed, version) = FormFields::read(&before, fields)?;
    if version != before.version {
        let problem = Problem::conflict(
            "changed_meanwhile",
            "この画面を開いた後に、ユーザー情報がほかの操作で変更されました。最新の情報を表示しています。ご確認のうえ、もう一度保存してください。",
        );
        let fields = FormFields::from(&before);
        return Ok(refused(&app, &admin, connection, &before, fields, &problem));
    }
    let edit = typed.edit_of(&before);
    check_confirmed_for(&edit, &admin.signed_in, app.now())?;
    let asks_for_address = matches!(edit.email, TextEdit::Set(_));
    let edited = accounts.edit(&admin.workspace, connection, before.clone(), edit);
    match edited.await {
        Ok(edited) => {
            let waits = asks_for_address && edited.email == before.email;
            let notice = if waits { "proof-mailed" } else { "saved" };
            Ok(Redirect::to(&address(&id, notice)).into_response())
        }
        Err(error) => {
            let problem = problem(error);
            Ok(refused(&app, &admin, connection, &before, typed, &problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use testkit::users::member;

    use super::*;

    fn edit_by(fields: &[(&str, &str)]) -> UserEdit {
        let user = member("u");
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let Ok((typed, _)) = FormFields::read(&user, fields.iter().map(owned).collect()) else {
            panic!("a form of ours");
        };
        typed.edit_of(&user)
    }

    #[test]
    fn only_what_differs_is_an_edit() {
        let edit = edit_by(&[
            ("name", " 利用者 u "),
            ("email", "u@example.jp"),
            ("employee_code", ""),
            ("login_method", "password"),
            ("role", "staff"),
        ]);
        let texts = [edit.email, edit.employee_code];
        assert_eq!(texts, [TextEdit::Keep, TextEdit::Keep]);
        assert_eq!((edit.name, edit.login_method), (None, None));
        assert_eq!((edit.role, edit.groups), (Some(Role::Staff), None));
    }

    #[test]
    fn an_emptied_field_is_taken_away_and_a_ticked_group_is_added() {
        let edit = edit_by(&[
            ("email", ""),
            ("employee_code", "A-1"),
            ("groups", "viewers"),
        ]);
        assert_eq!(edit.email, TextEdit::Remove);
        assert_eq!(edit.employee_code, TextEdit::Set("A-1".into()));
        assert_eq!(edit.groups, Some([GroupId::new("viewers")].into()));
    }
}
