//! [連携する], and the answer about another company.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use connection::{ConfirmError, ConnectError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::app::App;
use crate::gate::Manager;
use crate::openapi::ProblemDocument;
use crate::settings::Message;

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
    Manager(signed_in): Manager,
    Input(input): Input<Connect>,
) -> Result<Json<Authorize>, Problem> {
    let authorize_url = begin(&app, &signed_in, input.subdomain).await?;
    Ok(Json(Authorize { authorize_url }))
}

/// The address at SmartHR to send the admin's browser to.
///
/// # Errors
/// The 400 for a subdomain that is none.
pub(crate) async fn begin(
    app: &App,
    signed_in: &SignedIn,
    subdomain: Option<String>,
) -> Result<String, Problem> {
    let subdomain = subdomain.filter(|given| !given.is_empty());
    let begun = app
        .connections
        .begin(
            &signed_in.workspace_id,
            &signed_in.user.user_id,
            &signed_in.token_hash,
            subdomain,
        )
        .await;
    match begun {
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
pub(crate) struct Relink {
    /// Whether the other company becomes the linked one.
    accept: bool,
}

/// Answers whether the other company that was linked replaces the one before. Accepting switches the
/// sync off, until an admin has looked at a preview.
#[utoipa::path(
    post, path = "/api/v1/integration/relink", tag = "integration",
    request_body = Relink,
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn relink(
    State(app): State<App>,
    Manager(signed_in): Manager,
    Input(input): Input<Relink>,
) -> Result<Json<Message>, Problem> {
    answer(&app, &signed_in, input.accept).await?;
    Ok(Message::new(if input.accept { ACCEPTED } else { REFUSED }))
}

/// What is said when the other company has become the linked one.
pub(crate) const ACCEPTED: &str =
    "SmartHRとの連携が完了しました。設定を確認し、[有効にする]にチェックを入れて保存してください。";
/// What is said when the company before stays.
pub(crate) const REFUSED: &str = "連携先の切り替えを取り消しました。";

/// Does what an admin answered about the other company.
///
/// # Errors
/// The 409 when none waits or the link before is still being undone; the 503 when others are at the
/// tokens.
pub(crate) async fn answer(app: &App, signed_in: &SignedIn, accept: bool) -> Result<(), Problem> {
    let answered = app
        .connections
        .confirm_company_change(
            &signed_in.workspace_id,
            &signed_in.user.user_id,
            accept,
            App::deadline(),
        )
        .await;
    match answered {
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
