//! [設定を保存]: saves ユーザー同期設定.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use connection::{SAVED, SaveSettingsError};
use domain::{Connection, GroupId, InvitationTexts, Settings};
use web::{Input, Problem, SignedIn, check_confirmed};

use super::view::SettingsView;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::openapi::ProblemDocument;

/// Saves the settings: 「SmartHRの設定を保存しました」. For 特定のユーザー and 個別設定 the items exist in
/// SmartHR afterwards.
#[utoipa::path(
    put, path = "/api/v1/integration/settings", tag = "integration",
    request_body = SettingsView,
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn save_settings(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Input(input): Input<SettingsView>,
) -> Result<Json<Message>, Problem> {
    let settings = Settings {
        enabled: input.enabled,
        target: input.target,
        login_method: input.login_method,
        default_group: GroupId::new(input.default_group),
        password_csv: input.password_csv,
        invitation_texts: InvitationTexts::new(
            &input.invitation_contact,
            &input.invitation_message,
        ),
        immediate: input.immediate,
    };
    save(&app, &admin, &settings).await?;
    Ok(Message::new(SAVED))
}

/// Checks whether the settings can be saved in this connection, as [`save`] does.
///
/// # Errors
/// As [`save`].
pub(crate) async fn check(
    app: &App,
    admin: &SignedIn,
    connection: &Connection,
    settings: &Settings,
) -> Result<(), Problem> {
    check_method(app, admin, Some(connection), settings)?;
    let checked = app
        .connections
        .check_settings(&admin.workspace_id, settings);
    checked.await.map_err(problem)
}

/// Checks that the admin confirmed who they are, if the settings have another 認証方法 than before.
fn check_method(
    app: &App,
    admin: &SignedIn,
    connection: Option<&Connection>,
    settings: &Settings,
) -> Result<(), Problem> {
    let before = connection.map(|connection| connection.settings.login_method);
    if before == Some(settings.login_method) {
        return Ok(());
    }
    check_confirmed(&admin.session, app.now())
}

/// Saves the settings. Another 認証方法 needs a confirmation.
///
/// # Errors
/// The 403 `confirmation_required`; the 409 or 503 with the reason why the settings were not saved.
pub(crate) async fn save(app: &App, admin: &SignedIn, settings: &Settings) -> Result<(), Problem> {
    let connection = app.store().connection(&admin.workspace_id).await?;
    check_method(app, admin, connection.as_ref(), settings)?;
    app.connections
        .save_settings(
            &admin.workspace_id,
            settings,
            &admin.author(),
            App::deadline(),
        )
        .await
        .map_err(problem)
}

fn problem(error: SaveSettingsError) -> Problem {
    let reason = error.reason().unwrap_or_default();
    match error {
        SaveSettingsError::UnknownGroup => Problem::conflict("unknown_group", reason),
        SaveSettingsError::TextTooLong => Problem::conflict("text_too_long", reason),
        SaveSettingsError::NotConnected => Problem::conflict("not_linked", reason),
        SaveSettingsError::ReconnectNeeded => Problem::conflict("relink_needed", reason),
        SaveSettingsError::SsoNotConfigured => Problem::conflict("sso_not_configured", reason),
        SaveSettingsError::NobodyStays => Problem::conflict("nobody_stays_with_password", reason),
        SaveSettingsError::Refused(_) => Problem::conflict("smarthr_refused", reason),
        SaveSettingsError::Unavailable => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "smarthr_down", reason)
        }
        SaveSettingsError::ClientRefused => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "client_refused", reason)
        }
        SaveSettingsError::Store(error) => error.into(),
    }
}
