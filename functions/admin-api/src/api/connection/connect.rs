//! [連携する], and the confirmation of another company.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use connection::{ConfirmError, ConnectError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::auth::require_system_administrator;
use crate::openapi::ProblemDocument;

/// How to begin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connect {
    /// The company's host label at SmartHR, where the admin came with one.
    #[serde(default)]
    #[schema(pattern = "^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)?$")]
    subdomain: Option<String>,
}

/// Where to go.
#[derive(Serialize, ToSchema)]
pub(crate) struct Authorize {
    /// Send the browser there; it comes back to /smarthr/callback.
    authorize_url: String,
}

/// Begins to link. The address works for ten minutes, once, and in this session only.
#[utoipa::path(
    post, path = "/api/v1/integration/connect", tag = "integration",
    request_body = Connect,
    responses(
        (status = 200, body = Authorize),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn connect(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Input(input): Input<Connect>,
) -> Result<Json<Authorize>, Problem> {
    let authorize_url = begin(&app, &admin, input.subdomain).await?;
    Ok(Json(Authorize { authorize_url }))
}

/// Returns the address at SmartHR to send the admin's browser to.
///
/// # Errors
/// The 400 for a subdomain that is not a host label.
pub(crate) async fn begin(
    app: &App,
    admin: &SignedIn,
    subdomain: Option<String>,
) -> Result<String, Problem> {
    let subdomain = subdomain.filter(|subdomain| !subdomain.is_empty());
    let authorize_url = app
        .connections
        .begin(
            &admin.workspace_id,
            &admin.author(),
            &admin.token_hash,
            subdomain,
        )
        .await;
    match authorize_url {
        Ok(authorize_url) => Ok(authorize_url),
        Err(ConnectError::Subdomain) => Err(Problem::bad_request(
            "bad_subdomain",
            "SmartHRのサブドメインが正しくありません(半角英数字とハイフンのみ)。",
        )),
        Err(ConnectError::Store(error)) => Err(error.into()),
    }
}

/// The answer about another company.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Relink)]
pub(crate) struct OtherCompanyAnswer {
    /// Whether the other company becomes the linked one.
    accept: bool,
}

/// Answers whether the other company that was connected replaces the one before. Only a システム管理者 accepts.
/// Accepting switches the sync off, until an admin has looked at a preview.
#[utoipa::path(
    post, path = "/api/v1/integration/relink", tag = "integration",
    operation_id = "relink",
    request_body = OtherCompanyAnswer,
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn answer_other_company(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Input(input): Input<OtherCompanyAnswer>,
) -> Result<Json<Message>, Problem> {
    switch_or_keep(&app, &admin, input.accept).await?;
    Ok(Message::new(if input.accept { ACCEPTED } else { REFUSED }))
}

/// The message after the switch to the other company.
pub(crate) const ACCEPTED: &str =
    "SmartHRとの連携が完了しました。設定を確認し、[有効にする]にチェックを入れて保存してください。";
/// The message after the current company was kept.
pub(crate) const REFUSED: &str = "連携先の切り替えを取り消しました。";

/// Switches to the pending company, or discards it. Only a システム管理者 switches: another company decides
/// who gets in.
///
/// # Errors
/// The 403 for a 管理者 who accepts; the 409 when no company is pending or a disconnect is not finished;
/// the 503 when another function has the token lock.
pub(crate) async fn switch_or_keep(
    app: &App,
    admin: &SignedIn,
    accept: bool,
) -> Result<(), Problem> {
    if accept {
        require_system_administrator(admin)?;
    }
    let (id, author) = (&admin.workspace_id, admin.author());
    let answered = app
        .connections
        .confirm_company_change(id, &author, accept, App::deadline());
    // Boxed: the future is large.
    match Box::pin(answered).await {
        Ok(()) => Ok(()),
        Err(ConfirmError::NothingPending) => Err(Problem::conflict(
            "nothing_pending",
            "確認待ちの企業アカウントはありません。",
        )),
        Err(ConfirmError::Disconnecting) => Err(Problem::conflict(
            "disconnecting",
            "連携の解除が完了していません。時間をおいてもう一度お試しください。",
        )),
        Err(ConfirmError::Busy) => Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "ほかの処理が行われています。時間をおいてもう一度お試しください。",
        )),
        Err(ConfirmError::Store(error)) => Err(error.into()),
    }
}
