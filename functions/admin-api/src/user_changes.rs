//! ユーザー管理: edits a user.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use credentials::DerivationKey;
use domain::Connection;
use domain::apply::issue_first_login;
use domain::{
    Credential, EmailAddress, FirstLogin, GroupId, LoginMethod, Role, SyncedFields, User, Workspace,
};
use jiff::Timestamp;
use serde::Deserialize;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::app::App;
use crate::gate::Manager;
use crate::identity::{IdentityChange, check_free};
use crate::input::{Edit, Id};
use crate::invitations::give_invitation;
use crate::openapi::ProblemDocument;
use crate::roles::{check_may_act_on, check_role, concerns_system_administrators};
use crate::user_view::{UserView, is_locked};
use crate::users::find;
use crate::words::{LoginMethodWord, RoleWord};

/// What to change; what is left out stays. SmartHR decides about name, e-mail, employee code and login
/// method of a linked user.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    #[schema(value_type = Option<RoleWord>)]
    pub(crate) role: Option<Role>,
    /// Ids of groups.
    #[schema(value_type = Option<Vec<String>>)]
    pub(crate) groups: Option<BTreeSet<String>>,
    /// 氏名
    #[schema(
        max_length = 100,
        pattern = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$"
    )]
    pub(crate) name: Option<String>,
    /// `null` or nothing but blanks takes it away.
    #[serde(default)]
    #[schema(
        value_type = Option<String>,
        max_length = 254,
        pattern = r"^( *|[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)$"
    )]
    pub(crate) email: Edit,
    /// 従業員コード; `null` or nothing but blanks takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^( *|[A-Za-z0-9-]{1,64})$")]
    pub(crate) employee_code: Edit,
    #[schema(value_type = Option<LoginMethodWord>)]
    pub(crate) login_method: Option<LoginMethod>,
}

/// Edits a user. Only a システム管理者 makes or unmakes one, and nobody changes their own role.
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
    Manager(signed_in): Manager,
    Id(user_id): Id,
    Input(change): Input<UserChange>,
) -> Result<Json<UserView>, Problem> {
    let id = &signed_in.workspace_id;
    let before = find(&app, id, user_id).await?;
    let link = app.store().connection(id).await?;
    let workspace = app.workspace(id).await?;
    let after = change_in(
        &app,
        (&workspace, link.as_ref()),
        &signed_in,
        before,
        change,
    )
    .await?;
    Ok(Json(UserView::of(&after, link.as_ref(), app.now())))
}

/// Makes the change of a user who is `before` now, and gives them as they are afterwards. `link` is the
/// workspace's link to SmartHR.
///
/// # Errors
/// The 400, 403 or 409 that says what is wrong, the 503 when DynamoDB does not answer.
pub(crate) async fn change_in(
    app: &App,
    (workspace, link): (&Workspace, Option<&Connection>),
    signed_in: &SignedIn,
    before: User,
    change: UserChange,
) -> Result<User, Problem> {
    let id = &workspace.workspace_id;
    let actor = &signed_in.user;
    let now = app.now();
    let mut after = before.clone();
    after.version += 1;
    if let Some(role) = change.role {
        check_role(actor, &before, role)?;
        after.role = role;
    }
    if let Some(groups) = change.groups {
        after.groups = Arc::new(known_groups(groups, workspace)?);
    }
    let identity = IdentityChange {
        name: change.name,
        email: change.email,
        employee_code: change.employee_code,
        login_method: change.login_method,
    };
    let fields = identity.fields();
    if !fields.is_empty() {
        if is_locked(&before, link) {
            return Err(locked(&fields));
        }
        check_may_act_on(actor, &before)?;
        identity.apply(&mut after, workspace)?;
        check_free(app, id, &after).await?;
    }

    let mut commit = Commit::default();
    let mut hashes = CredentialHashChanges {
        end_sessions: before.login_method != after.login_method,
        ..CredentialHashChanges::default()
    };
    match new_way_in(&before, &after) {
        Some(FirstLogin::Invitation) => {
            let key: DerivationKey = app.derivation_key().await?;
            let (invitation, mail) = give_invitation(&mut after, workspace, &key, now);
            hashes.invitation_hash = invitation.invitation_hash;
            commit.mails.push(mail);
        }
        Some(FirstLogin::SingleSignOn) => let_in_through_sso(&mut after, now),
        // Issued when an admin asks for it.
        Some(FirstLogin::InitialPassword) => after.invitation = None,
        None => {}
    }
    if concerns_system_administrators(&before, &after) {
        // Only while the acting システム管理者 still are one: nobody changes their own role, so one always
        // remains, even when two unmake each other at the same moment.
        commit.users.push(UserWrite::as_it_is(actor));
    }
    commit.users.push(UserWrite::Change {
        before,
        after: after.clone(),
        hashes,
    });
    app.store().commit(id, &commit, now).await?;
    for mail in commit.mails {
        app.ask_for_mail(id, mail.mail_id).await;
    }
    Ok(after)
}

fn known_groups(
    groups: BTreeSet<String>,
    workspace: &Workspace,
) -> Result<BTreeSet<GroupId>, Problem> {
    let groups: BTreeSet<GroupId> = groups.into_iter().map(GroupId::new).collect();
    let known = |id: &GroupId| workspace.groups.iter().any(|group| group.id == *id);
    if !groups.iter().all(known) {
        return Err(Problem::conflict(
            "unknown_group",
            "選択したグループは存在しません。",
        ));
    }
    Ok(groups)
}

fn locked(fields: &[&str]) -> Problem {
    Problem::conflict(
        "locked_by_smarthr",
        format!(
            "SmartHRと連携中のため、{}はKiteRaで変更できません。SmartHRで変更してください。",
            fields.join("・")
        ),
    )
}

/// What an edited user needs to get in: an open link must not stay with an address that was wrong,
/// and whoever changes to a password needs one.
fn new_way_in(before: &User, after: &User) -> Option<FirstLogin> {
    let key = |user: &User| user.email.as_ref().map(EmailAddress::key);
    let method_changed = before.login_method != after.login_method;
    if after.login_method == LoginMethod::Sso {
        return method_changed.then_some(FirstLogin::SingleSignOn);
    }
    let link_to_old_address = before.invitation.is_some() && key(before) != key(after);
    let has_nothing = method_changed && after.credential == Credential::None;
    if !link_to_old_address && !has_nothing {
        return None;
    }
    Some(match after.email {
        Some(_) => FirstLogin::Invitation,
        None => FirstLogin::InitialPassword,
    })
}

fn let_in_through_sso(user: &mut User, now: Timestamp) {
    let said = SyncedFields {
        name: user.name.clone(),
        email: user.email.clone(),
        code: user.code.clone(),
        login_method: user.login_method,
        default_group: GroupId::new(""),
    };
    issue_first_login(user, FirstLogin::SingleSignOn, &said, now);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::user;

    #[test]
    fn an_open_link_does_not_stay_with_a_wrong_address() {
        let mut before = user("u", Role::Member);
        before.credential = Credential::None;
        let_in_by_link(&mut before);
        let mut after = before.clone();
        after.email = EmailAddress::parse("right@example.jp");
        assert_eq!(new_way_in(&before, &after), Some(FirstLogin::Invitation));
        after.email = None;
        assert_eq!(
            new_way_in(&before, &after),
            Some(FirstLogin::InitialPassword)
        );
        assert_eq!(new_way_in(&before, &before.clone()), None);
    }

    #[test]
    fn whoever_has_a_password_gets_no_link_for_a_new_address() {
        let before = user("u", Role::Member);
        let mut after = before.clone();
        after.email = EmailAddress::parse("new@example.jp");
        assert_eq!(new_way_in(&before, &after), None);
    }

    fn let_in_by_link(user: &mut User) {
        let said = SyncedFields {
            name: user.name.clone(),
            email: user.email.clone(),
            code: None,
            login_method: user.login_method,
            default_group: GroupId::new("viewers"),
        };
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        issue_first_login(user, FirstLogin::Invitation, &said, now);
    }
}
