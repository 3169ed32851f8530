//! The part チャット通知 of the page 通知.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::{ChatProblem, time};
use secrecy::SecretString;
use serde::Deserialize;
use web::{Problem, ProblemPage};

use super::PATH;
use crate::api::notifications::chat::{last_post, remove, save, test};
use crate::app::App;
use crate::auth::page::{AdminForm, ConfirmedForm, NoFields, PageUser};
use crate::pages::notice::Notice;

/// What the page shows of the webhook.
pub(super) struct Chat {
    /// The name of the service; `None` if there is no webhook.
    pub(super) service: Option<&'static str>,
    /// When something was posted last; empty if nothing was.
    pub(super) last_post_at: String,
    /// Why it did not arrive.
    pub(super) problem: Option<String>,
}

impl Chat {
    /// Returns what is shown of an admin's workspace.
    ///
    /// # Errors
    /// The 500 when DynamoDB does not answer.
    pub(super) async fn of(app: &App, admin: &PageUser) -> Result<Self, Problem> {
        let last = last_post(app, &admin.workspace).await?;
        let chat = admin.workspace.notifications.chat.as_ref();
        Ok(Self {
            service: chat.map(|chat| chat.service.label()),
            last_post_at: last
                .as_ref()
                .map_or_else(String::new, |last| time::japanese_date_and_time(last.at)),
            problem: last
                .and_then(|last| last.problem)
                .map(ChatProblem::sentence),
        })
    }
}

/// The field of the form.
#[derive(Deserialize)]
pub(super) struct WebhookForm {
    #[serde(default)]
    url: SecretString,
}

pub(super) async fn submit(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<WebhookForm>,
) -> Result<Response, ProblemPage> {
    let admin = &form.admin;
    let saved = save(&app, &admin.signed_in, &admin.workspace, &form.fields.url).await;
    match saved {
        Ok(()) => Ok(Notice::ChatWebhookSaved.at(PATH).into_response()),
        Err(problem) if problem.code == "invalid_webhook" => {
            super::page_with_error(&app, admin, problem.detail).await
        }
        Err(problem) => Err(problem.into()),
    }
}

pub(super) async fn submit_removal(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let admin = &form.admin;
    remove(&app, &admin.signed_in, &admin.workspace).await?;
    Ok(Notice::ChatWebhookRemoved.at(PATH).into_response())
}

pub(super) async fn submit_test(
    State(app): State<App>,
    form: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let admin = &form.admin;
    test(&app, &admin.signed_in, &admin.workspace).await?;
    Ok(Notice::ChatTested.at(PATH).into_response())
}
