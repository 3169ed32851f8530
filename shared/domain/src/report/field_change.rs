//! What changes in a user, field by field, in words of the screen.

use serde::{Deserialize, Serialize};

use super::row::text;
use crate::{
    AccountChange, EmailAddress, EmployeeCode, HeldAccountChange, LoginMethod, SyncedFields, User,
    Workspace,
};

/// The change of one field, in words of the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The label of the field, such as 氏名 or メールアドレス.
    pub field: String,
    /// The value before; "" when there was none.
    pub old: String,
    /// The value after; "" when there is none.
    pub new: String,
}

impl HeldAccountChange {
    /// Returns what would change in the account of `user`, in words of the screen.
    pub fn fields(&self, user: &User) -> Vec<FieldChange> {
        let AccountChange {
            email,
            code,
            login_method,
            ..
        } = &self.change;
        let new_link = FieldChange {
            field: "SmartHRとの紐付け".into(),
            old: "なし".into(),
            new: self.employee_name.clone(),
        };
        let link = self.is_new_link.then_some(new_link);
        let account = changed([
            email_change(user, email.as_ref()),
            code_change(user, code.as_ref()),
            login_method_change(user, *login_method),
        ]);
        link.into_iter().chain(account).collect()
    }
}

/// The label of a field, and its value before and after.
type LabelledChange = (&'static str, String, String);

fn email_change(user: &User, new: Option<&EmailAddress>) -> LabelledChange {
    ("メールアドレス", text(user.email.as_ref()), text(new))
}

fn code_change(user: &User, new: Option<&EmployeeCode>) -> LabelledChange {
    ("従業員コード", text(user.code.as_ref()), text(new))
}

fn login_method_change(user: &User, new: LoginMethod) -> LabelledChange {
    let old = user.login_method.label();
    ("認証方法", old.into(), new.label().into())
}

/// Returns the fields whose values differ.
fn changed(fields: impl IntoIterator<Item = LabelledChange>) -> Vec<FieldChange> {
    let differing = fields.into_iter().filter(|(_, old, new)| old != new);
    differing
        .map(|(field, old, new)| FieldChange {
            field: field.into(),
            old,
            new,
        })
        .collect()
}

/// Returns what an alteration changes in the user list, old → new.
pub(super) fn differences(
    user: &User,
    fields: &SyncedFields,
    workspace: &Workspace,
) -> Vec<FieldChange> {
    let SyncedFields {
        name,
        email,
        code,
        login_method,
        default_group,
    } = fields;
    let default_group_before = user
        .synced_group
        .as_ref()
        .filter(|synced| user.groups.contains(*synced));
    changed([
        ("氏名", user.name.clone(), name.clone()),
        email_change(user, email.as_ref()),
        code_change(user, code.as_ref()),
        login_method_change(user, *login_method),
        (
            "デフォルトグループ",
            default_group_before.map_or_else(String::new, |id| workspace.group_name(id)),
            workspace.group_name(default_group),
        ),
    ])
}
