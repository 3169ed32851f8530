//! 「ユーザー管理」: 「保存する」 edits a user.

use std::collections::BTreeSet;

use accounts::{TextEdit, UserEdit};
use axum::Json;
use axum::extract::State;
use domain::text::visible;
use domain::{GroupId, LoginMethod, Role};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn, check_confirmed};

use super::problem::problem;
use super::view::UserView;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// What to change; what is left out stays. SmartHR decides about name, e-mail, employee code and login
/// method of a linked user.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    role: Option<Role>,
    /// 緊急用アカウント: a システム管理者 whom the sync never moves to SSO. Only a システム管理者 sets or clears it.
    emergency_account: Option<bool>,
    /// Ids of groups.
    #[schema(value_type = Option<Vec<String>>)]
    groups: Option<BTreeSet<String>>,
    /// 氏名
    #[schema(
        max_length = 100,
        pattern = r"[^\s\x00-\x1F\x7F-\x9F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]"
    )]
    name: Option<String>,
    /// `null` or nothing but blanks takes it away.
    #[serde(default, deserialize_with = "text_edit")]
    #[schema(
        value_type = Option<String>,
        max_length = 254,
        pattern = r"^( *|[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)$"
    )]
    email: TextEdit,
    /// 従業員コード; `null` or nothing but blanks takes it away.
    #[serde(default, deserialize_with = "text_edit")]
    #[schema(value_type = Option<String>, pattern = "^( *|[A-Za-z0-9-]{1,64})$")]
    employee_code: TextEdit,
    login_method: Option<LoginMethod>,
}

impl From<UserChange> for UserEdit {
    fn from(change: UserChange) -> Self {
        let groups = change.groups;
        Self {
            role: change.role,
            emergency_account: change.emergency_account,
            groups: groups.map(|ids| ids.into_iter().map(GroupId::new).collect()),
            name: change.name,
            email: change.email,
            employee_code: change.employee_code,
            login_method: change.login_method,
        }
    }
}

/// Deserializes a present text field: `null` or blanks remove the text.
fn text_edit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TextEdit, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text
        .as_deref()
        .and_then(visible)
        .map_or(TextEdit::Remove, TextEdit::Set))
}

/// Checks that an admin who changes how somebody signs in, or what they may do, proved who they are. Name and groups
/// need no confirmation.
///
/// # Errors
/// The 403 `confirmation_required`.
pub(crate) fn check_confirmed_for(
    edit: &UserEdit,
    admin: &SignedIn,
    now: Timestamp,
) -> Result<(), Problem> {
    let UserEdit {
        role,
        emergency_account,
        groups: _,
        name: _,
        email,
        employee_code,
        login_method,
    } = edit;
    let is_harmless = role.is_none()
        && emergency_account.is_none()
        && login_method.is_none()
        && *email == TextEdit::Keep
        && *employee_code == TextEdit::Keep;
    if is_harmless {
        return Ok(());
    }
    check_confirmed(&admin.session, now)
}

/// Edits a user. Only a システム管理者 makes or unmakes one, and nobody changes their own role. A new address of
/// one's own is mailed a link first, and the answer still has the old one.
#[utoipa::path(
    patch, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    request_body = UserChange,
    responses(
        (status = 200, body = UserView),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change_user(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(user_id): Id,
    Input(change): Input<UserChange>,
) -> Result<Json<UserView>, Problem> {
    let edit = change.into();
    check_confirmed_for(&edit, &admin, app.now())?;
    let id = &admin.workspace_id;
    let accounts = app.accounts(&admin);
    let user = accounts.find(&user_id).await.map_err(problem)?;
    let connection = app.store().connection(id).await?;
    let connection = connection.as_ref();
    let workspace = app.workspace(id).await?;
    let edited = accounts
        .edit(&workspace, connection, user, edit)
        .await
        .map_err(problem)?;
    Ok(Json(UserView::of(&edited, connection, app.now())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_a_field_out_is_not_taking_it_away() {
        let edit = |json: &str| serde_json::from_str::<UserChange>(json).unwrap().email;
        assert_eq!(edit("{}"), TextEdit::Keep);
        assert_eq!(edit(r#"{"email":null}"#), TextEdit::Remove);
        assert_eq!(edit(r#"{"email":" "}"#), TextEdit::Remove);
        let set = TextEdit::Set("a@b.jp".into());
        assert_eq!(edit(r#"{"email":"a@b.jp"}"#), set);
    }
}
