//! Invites people again: a new link, a new mail; the old link dies.

use axum::Json;
use axum::extract::State;
use credentials::{DerivationKey, TokenHash};
use domain::apply::{INVITATION_LIFE, issue_first_login};
use domain::{FirstLogin, GroupId, LoginMethod, SyncedFields, User, Workspace};
use domain::{MailKind, OutboxMail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::app::App;
use crate::gate::Manager;
use crate::idempotency::Asked;
use crate::input::{Id, is_plain};
use crate::openapi::ProblemDocument;
use crate::roles::check_may_act_on;
use crate::settings::Message;
use crate::users::{find, unknown_user};

/// Most people invited in one request.
const MOST: usize = 50;

/// Invites one person again.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/invitation", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn invite(
    State(app): State<App>,
    Manager(signed_in): Manager,
    Id(user_id): Id,
    asked: Asked,
) -> Result<Json<Message>, Problem> {
    let user = find(&app, &signed_in.workspace_id, user_id).await?;
    let key = app.derivation_key().await?;
    let workspace = app.workspace(&signed_in.workspace_id).await?;
    invite_one(&app, &signed_in, &workspace, &key, user, asked).await?;
    Ok(Message::new(INVITED))
}

/// What is said when somebody was invited.
pub(crate) const INVITED: &str = "招待メールを送信しました。";

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invitees {
    /// Ids of users
    #[schema(min_items = 1, max_items = 50)]
    user_ids: Vec<String>,
}

/// Somebody who was not invited.
#[derive(Serialize, ToSchema)]
pub(crate) struct Refused {
    pub(crate) user_id: String,
    /// Why, for the person who asked.
    pub(crate) reason: String,
}

/// What became of the invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invited {
    /// Who was invited.
    pub(crate) invited: Vec<String>,
    /// Who was not.
    pub(crate) refused: Vec<Refused>,
}

/// Invites several people again; those who cannot be invited do not keep the others from it.
#[utoipa::path(
    post, path = "/api/v1/users/invitations", tag = "users",
    request_body = Invitees,
    responses(
        (status = 200, body = Invited),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn invite_several(
    State(app): State<App>,
    Manager(signed_in): Manager,
    asked: Asked,
    Input(input): Input<Invitees>,
) -> Result<Json<Invited>, Problem> {
    let workspace = app.workspace(&signed_in.workspace_id).await?;
    let answer = invite_all(&app, &signed_in, &workspace, input.user_ids, asked).await?;
    Ok(Json(answer))
}

/// Invites everybody of these who can be invited.
///
/// # Errors
/// The 400 when these are none or too many, the 503 when the key cannot be read.
pub(crate) async fn invite_all(
    app: &App,
    signed_in: &SignedIn,
    workspace: &Workspace,
    user_ids: Vec<String>,
    asked: Asked,
) -> Result<Invited, Problem> {
    if !(1..=MOST).contains(&user_ids.len()) {
        return Err(Problem::bad_request(
            "bad_request",
            "一度に招待できるのは1人から50人までです。",
        ));
    }
    let key = app.derivation_key().await?;
    let mut answer = Invited {
        invited: Vec::new(),
        refused: Vec::new(),
    };
    for user_id in user_ids {
        let found = if is_plain(&user_id) {
            find(app, &signed_in.workspace_id, user_id.clone()).await
        } else {
            Err(unknown_user())
        };
        let invited = match found {
            Ok(user) => invite_one(app, signed_in, workspace, &key, user, asked).await,
            Err(problem) => Err(problem),
        };
        match invited {
            Ok(()) => answer.invited.push(user_id),
            Err(problem) => answer.refused.push(Refused {
                user_id,
                reason: problem.detail,
            }),
        }
    }
    Ok(answer)
}

/// Invites a user who is `before` now.
///
/// # Errors
/// The 403 or 409 that says why not, the 503 when DynamoDB does not answer.
pub(crate) async fn invite_one(
    app: &App,
    signed_in: &SignedIn,
    workspace: &Workspace,
    key: &DerivationKey,
    before: User,
    asked: Asked,
) -> Result<(), Problem> {
    check_may_act_on(&signed_in.user, &before)?;
    let (id, now) = (&signed_in.workspace_id, asked.at);
    let given = before.invitation.as_ref();
    let life = given.map(|it| it.expires_at.duration_since(asked.at));
    if asked.again && life == Some(INVITATION_LIFE) {
        app.ask_for_mail(id, invitation_mail(&before, now).mail_id)
            .await;
        return Ok(());
    }
    check_needs_invitation(&before, now)?;
    let mut after = before.clone();
    after.version += 1;
    let (hashes, mail) = give_invitation(&mut after, workspace, key, now);
    let mail_id = mail.mail_id.clone();
    let commit = Commit {
        users: vec![UserWrite::Change {
            before,
            after,
            hashes,
        }],
        mails: vec![mail],
        ..Commit::default()
    };
    app.store().commit(id, &commit, now).await?;
    app.ask_for_mail(id, mail_id).await;
    Ok(())
}

/// Makes sure that a mail with a link is what lets this person in.
///
/// # Errors
/// The 409 that says why it is not.
pub(crate) fn check_needs_invitation(user: &User, now: Timestamp) -> Result<(), Problem> {
    if user.login_method == LoginMethod::Sso {
        return Err(Problem::conflict(
            "sso_user",
            "認証方法がSSOのユーザーには招待は必要ありません。",
        ));
    }
    if user.email.is_none() {
        return Err(Problem::conflict(
            "no_email",
            "メールアドレスがないため、招待メールを送信できません。初期パスワードを再発行してください。",
        ));
    }
    if user.has_password_at(now) {
        return Err(Problem::conflict(
            "registered",
            "すでに登録が完了しているため、招待は必要ありません。",
        ));
    }
    Ok(())
}

/// Gives `user` a new invitation that says what is true of them now.
pub(crate) fn give_invitation(
    user: &mut User,
    workspace: &Workspace,
    key: &DerivationKey,
    now: Timestamp,
) -> (CredentialHashChanges, OutboxMail) {
    let said = SyncedFields {
        name: user.name.clone(),
        email: user.email.clone(),
        code: user.code.clone(),
        login_method: user.login_method,
        default_group: group_of(user, workspace),
    };
    issue_first_login(user, FirstLogin::Invitation, &said, now);
    let token = key.invitation_token(
        &workspace.workspace_id,
        &user.user_id,
        u64::from(user.serial),
    );
    let hashes = CredentialHashChanges {
        invitation_hash: Some(TokenHash::of(&token).as_str().to_owned()),
        ..CredentialHashChanges::default()
    };
    (hashes, invitation_mail(user, now))
}

/// The mail with the invitation that `user` has.
fn invitation_mail(user: &User, now: Timestamp) -> OutboxMail {
    let mail = MailKind::Invitation {
        user_id: user.user_id.clone(),
        serial: user.serial,
        again: user.serial > 1,
    };
    OutboxMail::new(mail, now)
}

/// The group that an invitation names: the one that the sync gave, so that the next run finds that the
/// invitation says what it would say itself.
fn group_of(user: &User, workspace: &Workspace) -> GroupId {
    let first = workspace.groups.first().map(|group| &group.id);
    user.synced_group
        .as_ref()
        .or(user.groups.first())
        .or(first)
        .cloned()
        .unwrap_or_else(|| GroupId::new(""))
}

#[cfg(test)]
mod tests {
    use domain::{Credential, Role, Status};

    use super::*;
    use crate::identity::tests::{user, workspace};

    fn now() -> Timestamp {
        "2026-11-24T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn only_who_can_get_in_by_a_mail_and_has_not_yet_is_invited() {
        let code = |change: fn(&mut User)| {
            let mut user = user("u", Role::Member);
            user.credential = Credential::None;
            user.status = Status::Invited;
            change(&mut user);
            check_needs_invitation(&user, now())
                .err()
                .map_or("fine", |problem| problem.code)
        };
        assert_eq!(code(|_| {}), "fine");
        assert_eq!(code(|user| user.email = None), "no_email");
        assert_eq!(
            code(|user| user.login_method = LoginMethod::Sso),
            "sso_user"
        );
        assert_eq!(
            code(|user| user.credential = Credential::Password),
            "registered"
        );
    }

    #[test]
    fn a_new_invitation_lives_72_hours_and_has_another_secret_than_the_last_one() {
        let key = DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into()).unwrap();
        let mut user = user("u", Role::Member);
        let (first, _) = give_invitation(&mut user, &workspace(), &key, now());
        let (second, mail) = give_invitation(&mut user, &workspace(), &key, now());
        assert_ne!(first.invitation_hash, second.invitation_hash);
        let open = user.invitation.unwrap();
        assert_eq!(open.expires_at, "2026-11-27T00:00:00Z".parse().unwrap());
        assert_eq!(mail.mail_id, format!("invitation#u#{}", open.serial));
    }
}
