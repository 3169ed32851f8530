//! チャット通知: the incoming webhook of Slack or Teams that notifications are posted to.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use credentials::hex;
use domain::audit::changes_of_chat_webhook;
use domain::{
    AuditAction, AuditEvent, ChatProblem, ChatResult, ChatService, ChatWebhook, MailKind,
    OutboxMail, Workspace,
};
use mail::ChatAddress;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use storage::secrets::CustomerSecret;
use storage::transaction::Commit;
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::{AdminUser, ConfirmedAdmin};
use crate::openapi::ProblemDocument;

/// What is said when a webhook was registered.
pub(crate) const SAVED: &str =
    "チャット通知を登録しました。[テスト送信]で、投稿されることをご確認ください。";
/// What is said when the webhook was removed.
pub(crate) const REMOVED: &str = "チャット通知を解除しました。";
/// What is said when a post was asked for.
pub(crate) const TESTED: &str =
    "テスト送信を受け付けました。数秒後に画面を更新すると、結果が表示されます。";

/// The chat that notifications are posted to.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChatWebhookView {
    /// None if no webhook is registered
    service: Option<ChatService>,
    /// When something was posted last
    last_post_at: Option<String>,
    /// Why the last post did not arrive; none if it did
    problem: Option<String>,
}

/// The address of an incoming webhook.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChatWebhookUrl {
    /// The address that Slack or Teams gave. It is not shown again.
    #[schema(value_type = String, format = Password)]
    pub(crate) url: SecretString,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/notifications/chat-webhook",
            get(chat_webhook)
                .put(save_chat_webhook)
                .delete(remove_chat_webhook),
        )
        .route(
            "/api/v1/notifications/chat-webhook/test",
            post(test_chat_webhook),
        )
}

/// Tells which chat notifications are posted to, and what became of the last post.
#[utoipa::path(
    get, path = "/api/v1/notifications/chat-webhook", tag = "notifications",
    responses(
        (status = 200, body = ChatWebhookView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn chat_webhook(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<ChatWebhookView>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let last = last_post(&app, &workspace).await?;
    Ok(Json(ChatWebhookView {
        service: workspace.notifications.chat.map(|chat| chat.service),
        last_post_at: last.as_ref().map(|last| last.at.to_string()),
        problem: last
            .and_then(|last| last.problem)
            .map(ChatProblem::sentence),
    }))
}

/// Registers a webhook in place of any earlier one.
#[utoipa::path(
    put, path = "/api/v1/notifications/chat-webhook", tag = "notifications",
    request_body = ChatWebhookUrl,
    responses(
        (status = 200, body = Message),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn save_chat_webhook(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Input(wanted): Input<ChatWebhookUrl>,
) -> Result<Json<Message>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    save(&app, &admin, &workspace, &wanted.url).await?;
    Ok(Message::new(SAVED))
}

/// Removes the webhook, if there is one.
#[utoipa::path(
    delete, path = "/api/v1/notifications/chat-webhook", tag = "notifications",
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove_chat_webhook(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
) -> Result<Json<Message>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    remove(&app, &admin, &workspace).await?;
    Ok(Message::new(REMOVED))
}

/// Asks for a post that tries the webhook. What becomes of it is `GET /api/v1/notifications/chat-webhook`.
#[utoipa::path(
    post, path = "/api/v1/notifications/chat-webhook/test", tag = "notifications",
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn test_chat_webhook(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<Message>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    test(&app, &admin, &workspace).await?;
    Ok(Message::new(TESTED))
}

/// Returns what became of the last post to the present webhook.
pub(crate) async fn last_post(
    app: &App,
    workspace: &Workspace,
) -> Result<Option<ChatResult>, Problem> {
    let Some(chat) = &workspace.notifications.chat else {
        return Ok(None);
    };
    let last = app.store().chat_result(&workspace.workspace_id).await?;
    Ok(last.filter(|last| last.secret_id == chat.secret_id))
}

/// Registers a webhook: a new secret under a new name, then the record that names it, so that no post meets an address
/// that is not its own.
///
/// # Errors
/// The 400 for an address that is not posted to, the 409 when somebody else changed the workspace at the same moment.
pub(crate) async fn save(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    url: &SecretString,
) -> Result<(), Problem> {
    let address = ChatAddress::parse(url.expose_secret(), app.chat_reach)
        .map_err(|wrong| Problem::bad_request("invalid_webhook", wrong.sentence()))?;
    let (secrets, id) = (&app.connections.secrets, &workspace.workspace_id);
    let secret_id = hex(&app.connections.random.bytes::<16>());
    secrets
        .put_customer_secret(
            id,
            CustomerSecret::ChatAddress(&secret_id),
            address.expose(),
        )
        .await?;
    let chat = ChatWebhook {
        service: address.service(),
        secret_id: secret_id.clone(),
    };
    let action = AuditAction::ChatWebhookSaved;
    let saved = change(app, admin, workspace, Some(chat), action).await;
    let before = workspace.notifications.chat.as_ref();
    let unused = match saved {
        Ok(()) => before.map(|before| &before.secret_id),
        Err(_) => Some(&secret_id),
    };
    if let Some(unused) = unused {
        secrets
            .delete_customer_secret(id, CustomerSecret::ChatAddress(unused))
            .await?;
    }
    saved
}

/// Removes the webhook and its secret; does nothing where there is none.
///
/// # Errors
/// The 409 when somebody else changed the workspace at the same moment.
pub(crate) async fn remove(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
) -> Result<(), Problem> {
    let Some(before) = &workspace.notifications.chat else {
        return Ok(());
    };
    let action = AuditAction::ChatWebhookRemoved;
    change(app, admin, workspace, None, action).await?;
    let (secrets, id) = (&app.connections.secrets, &workspace.workspace_id);
    secrets
        .delete_customer_secret(id, CustomerSecret::ChatAddress(&before.secret_id))
        .await?;
    Ok(())
}

async fn change(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    chat: Option<ChatWebhook>,
    action: AuditAction,
) -> Result<(), Problem> {
    let mut after = workspace.clone();
    after.notifications.chat = chat;
    let before = workspace.notifications.chat.as_ref();
    let changes = changes_of_chat_webhook(before, after.notifications.chat.as_ref());
    let event = AuditEvent::new(&admin.author(), action, app.now()).with_changes(changes);
    app.store()
        .change_workspace(workspace, &after, &event)
        .await?;
    Ok(())
}

/// Asks for a post that tries the webhook.
///
/// # Errors
/// The 409 when there is no webhook.
pub(crate) async fn test(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
) -> Result<(), Problem> {
    if workspace.notifications.chat.is_none() {
        return Err(Problem::conflict(
            "no_chat_webhook",
            "チャット通知が登録されていません。Webhook URLを登録してから、テスト送信してください。",
        ));
    }
    let (id, now) = (&workspace.workspace_id, app.now());
    let mail = OutboxMail::new(MailKind::ChatTest, now);
    let mail_ids = [mail.mail_id.clone()];
    let commit = Commit {
        mails: vec![mail],
        audit: vec![AuditEvent::new(
            &admin.author(),
            AuditAction::ChatTested,
            now,
        )],
        ..Commit::default()
    };
    app.store().commit(id, &commit, now).await?;
    app.connections.queues.send_mails(id, &mail_ids).await?;
    Ok(())
}
