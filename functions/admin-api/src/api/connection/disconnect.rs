//! [解除する]: ends the connection.

use axum::Json;
use axum::extract::State;
use connection::DisconnectOutcome;
use web::Problem;

use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::openapi::ProblemDocument;

/// Undoes the link: what was set up in SmartHR's console, the tokens and the settings go; users stay.
#[utoipa::path(
    delete, path = "/api/v1/integration", tag = "integration",
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn disconnect(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
) -> Result<Json<Message>, Problem> {
    let (id, author) = (&admin.workspace_id, admin.author());
    let disconnect = app.connections.disconnect(id, &author, App::deadline());
    // Boxed: the future is large.
    let disconnected = Box::pin(disconnect).await?;
    Ok(Message::new(message(disconnected)))
}

/// Returns the message after a disconnect.
pub(crate) fn message(disconnected: DisconnectOutcome) -> &'static str {
    match disconnected {
        DisconnectOutcome::Finished => "連携を解除しました",
        DisconnectOutcome::CleanupPending => {
            "連携を解除しました。SmartHRに接続できないため、SmartHRに作成した項目は後ほど自動的に削除されます。"
        }
    }
}
