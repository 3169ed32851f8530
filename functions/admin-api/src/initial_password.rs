//! Issues an initial password anew, for somebody without e-mail who lost theirs or let it expire.

use axum::Json;
use axum::extract::State;
use credentials::{InitialPasswordHash, InitialPasswordSeed};
use domain::apply::{INITIAL_PASSWORD_LIFE, issue_first_login};
use domain::{
    Credential, EmployeeCode, FirstLogin, GroupId, LoginMethod, Role, Status, SyncedFields, User,
    WorkspaceId,
};
use domain::{MailKind, OutboxMail};
use jiff::Timestamp;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use web::{Problem, SignedIn};

use crate::app::App;
use crate::gate::Manager;
use crate::idempotency::Asked;
use crate::input::Id;
use crate::openapi::ProblemDocument;
use crate::roles::check_may_act_on;
use crate::settings::Message;
use crate::users::find;

/// Issues an initial password anew: a mail to every システム管理者 with an e-mail address. What the person
/// signed in with before no longer works.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/initial-password", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn issue(
    State(app): State<App>,
    Manager(signed_in): Manager,
    Id(user_id): Id,
    asked: Asked,
) -> Result<Json<Message>, Problem> {
    let before = find(&app, &signed_in.workspace_id, user_id).await?;
    issue_to(&app, &signed_in, before, asked).await?;
    Ok(Message::new(ISSUED))
}

/// What is said when it was issued.
pub(crate) const ISSUED: &str = "初期パスワードを再発行し、システム管理者にメールで送信しました。";

/// Issues an initial password to a user who is `before` now.
///
/// # Errors
/// The 403 or 409 that says why not, the 503 when DynamoDB does not answer.
pub(crate) async fn issue_to(
    app: &App,
    signed_in: &SignedIn,
    before: User,
    asked: Asked,
) -> Result<(), Problem> {
    let id = &signed_in.workspace_id;
    check_may_act_on(&signed_in.user, &before)?;
    let code = code_of(&before)?;
    let now = asked.at;
    let random = &app.connections.random;
    let seed = InitialPasswordSeed::generate(random);
    if asked.again && was_issued(&before, now) {
        // The mail's id says whose it is and which; the seed that counts waits in the outbox.
        app.ask_for_mail(id, mail_of(&before, &seed, now).mail_id)
            .await;
        return Ok(());
    }
    check_somebody_gets_it(app, id).await?;

    let mut after = before.clone();
    after.version += 1;
    let said = SyncedFields {
        name: after.name.clone(),
        email: None,
        code: Some(code),
        login_method: after.login_method,
        default_group: after
            .synced_group
            .clone()
            .unwrap_or_else(|| GroupId::new("")),
    };
    issue_first_login(&mut after, FirstLogin::InitialPassword, &said, now);
    let password = app.derivation_key().await?.initial_password(
        &seed,
        id,
        &after.user_id,
        u64::from(after.serial),
    );
    let hash = InitialPasswordHash::of(&password, random);
    let mail = mail_of(&after, &seed, now);
    let mail_id = mail.mail_id.clone();
    let commit = Commit {
        users: vec![UserWrite::Change {
            before,
            after,
            hashes: CredentialHashChanges {
                initial_password_hash: Some(hash.expose_to_store().to_owned()),
                end_sessions: true,
                ..CredentialHashChanges::default()
            },
        }],
        mails: vec![mail],
        ..Commit::default()
    };
    app.store().commit(id, &commit, now).await?;
    app.ask_for_mail(id, mail_id).await;
    Ok(())
}

/// Whether the initial password that `user` has was issued at this moment.
fn was_issued(user: &User, at: Timestamp) -> bool {
    matches!(user.credential, Credential::Initial { expires_at }
        if expires_at.duration_since(at) == INITIAL_PASSWORD_LIFE)
}

/// The mail with the initial password that `user` has.
fn mail_of(user: &User, seed: &InitialPasswordSeed, now: Timestamp) -> OutboxMail {
    let mail = MailKind::IssuedPassword {
        user_id: user.user_id.clone(),
        serial: user.serial,
        password_seed: seed.expose_to_store().into(),
    };
    OutboxMail::new(mail, now)
}

/// The code of somebody who gets in with an initial password.
///
/// # Errors
/// The 409 that says why they do not.
pub(crate) fn code_of(user: &User) -> Result<EmployeeCode, Problem> {
    let refused = |detail| Err(Problem::conflict("no_initial_password", detail));
    if user.login_method == LoginMethod::Sso {
        return refused("認証方法がSSOのユーザーには初期パスワードは必要ありません。");
    }
    if user.email.is_some() {
        return refused(
            "メールアドレスがあるユーザーには、初期パスワードではなく招待メールを送信してください。",
        );
    }
    match &user.code {
        Some(code) => Ok(code.clone()),
        None => refused("従業員コードがないため、初期パスワードを発行できません。"),
    }
}

async fn check_somebody_gets_it(app: &App, id: &WorkspaceId) -> Result<(), Problem> {
    let users = app.store().users(id).await?;
    let receives = |user: &User| {
        user.role == Role::SystemAdministrator
            && user.status == Status::Active
            && user.email.is_some()
    };
    if users.iter().any(receives) {
        return Ok(());
    }
    Err(Problem::conflict(
        "no_recipient",
        "メールアドレスのあるシステム管理者がいないため、初期パスワードを送信できません。",
    ))
}
