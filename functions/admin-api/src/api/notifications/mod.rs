//! 通知: who gets the mails about the sync, kind by kind.

pub(crate) mod chat;

use accounts::Roster;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::audit::changes_of_notifications;
use domain::{
    AuditAction, AuditEvent, EmailAddress, MOST_CHOSEN_USERS, NotificationKind, Notifications,
    Recipients, Status, UserId, Workspace,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::{AdminUser, ConfirmedAdmin};
use crate::openapi::ProblemDocument;

/// What is said when the recipients were saved.
pub(crate) const SAVED: &str = "通知の送信先を保存しました。次の通知から適用されます。";

/// Who gets the mails of a kind.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum RecipientsChoice {
    /// Nobody; of seats and the weekly summary only
    Nobody,
    /// All システム管理者 and 管理者; of certificates all システム管理者
    Admins,
    /// Active users of the workspace who have an address. Those who leave get nothing; when none is left, all admins do
    Users {
        /// Their ids
        #[schema(min_items = 1, max_items = 50)]
        user_ids: Vec<String>,
    },
    /// One address
    Address {
        /// The address
        #[schema(format = Email)]
        email: String,
    },
}

/// Who gets the mails of each kind.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NotificationRecipients)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecipientsOfKinds {
    /// A run failed, as a whole or for some people
    failure: RecipientsChoice,
    /// Deletions wait for an answer
    held: RecipientsChoice,
    /// SmartHR has to be connected again, or may have to be soon
    reconnect: RecipientsChoice,
    /// At least 90 % of the seats are taken
    seats: RecipientsChoice,
    /// The certificate of the identity provider ends soon
    certificate: RecipientsChoice,
    /// What the runs of a week did
    weekly_summary: RecipientsChoice,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/notifications",
            get(notifications).put(save_notifications),
        )
        .merge(chat::routes())
}

/// Tells who gets the mails about the sync.
#[utoipa::path(
    get, path = "/api/v1/notifications", tag = "notifications",
    responses(
        (status = 200, body = RecipientsOfKinds),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn notifications(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<RecipientsOfKinds>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    Ok(Json(view(&workspace.notifications)))
}

/// Says who gets the mails about the sync.
#[utoipa::path(
    put, path = "/api/v1/notifications", tag = "notifications",
    request_body = RecipientsOfKinds,
    responses(
        (status = 200, body = Message),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn save_notifications(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Input(wanted): Input<RecipientsOfKinds>,
) -> Result<Json<Message>, Problem> {
    let id = &admin.workspace_id;
    let workspace = app.workspace(id).await?;
    let roster = app.roster(id).await?;
    let mut after = workspace.notifications.clone();
    for kind in NotificationKind::ALL {
        let choice = wanted.of(kind).clone();
        *after.recipients_mut(kind) = checked(kind, choice, &roster)?;
    }
    save(&app, &admin, &workspace, after).await?;
    Ok(Message::new(SAVED))
}

impl RecipientsOfKinds {
    fn of(&self, kind: NotificationKind) -> &RecipientsChoice {
        match kind {
            NotificationKind::Failure => &self.failure,
            NotificationKind::Held => &self.held,
            NotificationKind::Reconnect => &self.reconnect,
            NotificationKind::Seats => &self.seats,
            NotificationKind::Certificate => &self.certificate,
            NotificationKind::WeeklySummary => &self.weekly_summary,
        }
    }
}

fn view(notifications: &Notifications) -> RecipientsOfKinds {
    let choice = |recipients: &Recipients| match recipients {
        Recipients::Nobody => RecipientsChoice::Nobody,
        Recipients::Admins => RecipientsChoice::Admins,
        Recipients::Users { user_ids } => RecipientsChoice::Users {
            user_ids: user_ids.iter().map(ToString::to_string).collect(),
        },
        Recipients::Address { email } => RecipientsChoice::Address {
            email: email.to_string(),
        },
    };
    RecipientsOfKinds {
        failure: choice(&notifications.failure),
        held: choice(&notifications.held),
        reconnect: choice(&notifications.reconnect),
        seats: choice(&notifications.seats),
        certificate: choice(&notifications.certificate),
        weekly_summary: choice(&notifications.weekly_summary),
    }
}

/// Returns the recipients that somebody chose for a kind.
///
/// # Errors
/// The 400 that says what to choose instead.
pub(crate) fn checked(
    kind: NotificationKind,
    choice: RecipientsChoice,
    roster: &Roster,
) -> Result<Recipients, Problem> {
    let label = kind.label();
    match choice {
        RecipientsChoice::Nobody if kind.may_be_off() => Ok(Recipients::Nobody),
        RecipientsChoice::Nobody => Err(refused(format!(
            "「{label}」は、送信しないことを選択できません。送信先を選択してください。"
        ))),
        RecipientsChoice::Admins => Ok(Recipients::Admins),
        RecipientsChoice::Users { user_ids } => {
            let mut chosen: Vec<UserId> = Vec::new();
            for id in user_ids.into_iter().map(UserId::new) {
                let mut entries = roster.entries().iter();
                let is_able = entries.any(|it| {
                    let user = &it.user;
                    user.user_id == id && user.status == Status::Active && user.email.is_some()
                });
                if !is_able {
                    return Err(refused(format!(
                        "「{label}」に、メールを送信できないユーザーが含まれています。登録済みで、メールアドレスのあるユーザーを選択してください。"
                    )));
                }
                if !chosen.contains(&id) {
                    chosen.push(id);
                }
            }
            match chosen.len() {
                0 => Err(refused(format!(
                    "「{label}」の送信先のユーザーを、1名以上選択してください。"
                ))),
                1..=MOST_CHOSEN_USERS => Ok(Recipients::Users { user_ids: chosen }),
                more => Err(refused(format!(
                    "「{label}」の送信先のユーザーは、{MOST_CHOSEN_USERS}名まで選択できます({more}名が選択されています)。"
                ))),
            }
        }
        RecipientsChoice::Address { email } => match EmailAddress::parse(&email) {
            Some(email) => Ok(Recipients::Address { email }),
            None => Err(refused(format!(
                "「{label}」のメールアドレスが正しくありません。「name@example.co.jp」のように、1件だけ入力してください。"
            ))),
        },
    }
}

fn refused(why: String) -> Problem {
    Problem::bad_request("invalid_recipients", why)
}

/// Saves who gets the mails; does nothing where it is so already.
///
/// # Errors
/// The 409 when somebody else changed the workspace at the same moment.
pub(crate) async fn save(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    notifications: Notifications,
) -> Result<(), Problem> {
    let changes = changes_of_notifications(&workspace.notifications, &notifications);
    if changes.is_empty() {
        return Ok(());
    }
    let after = Workspace {
        notifications,
        ..workspace.clone()
    };
    let action = AuditAction::NotificationsSaved;
    let event = AuditEvent::new(&admin.author(), action, app.now()).with_changes(changes);
    app.store()
        .change_workspace(workspace, &after, &event)
        .await?;
    Ok(())
}
