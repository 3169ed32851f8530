//! [設定を保存]: the form of ユーザー同期設定.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::{
    Connection, GroupId, InvitationTexts, LoginMethodSetting, PasswordCsv, RunId, Settings,
    SyncTarget,
};
use serde::Deserialize;
use web::{CONFIRMATION_REQUIRED, Problem, ProblemPage, SignedIn};

use super::PATH;
use super::settings_preview::preview_first;
use super::show::again;
use crate::api::connection::settings::save;
use crate::app::App;
use crate::auth::page::AdminForm;
use crate::pages::notice::Notice;

/// The choices of 同期対象; one of them has a sub-choice.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Target {
    Everyone,
    Chosen,
}

/// The choices of 即時反映.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Switch {
    On,
    Off,
}

/// The fields of the form. Browsers omit unticked boxes and disabled fields.
#[derive(Deserialize)]
pub(super) struct SettingsForm {
    enabled: Option<String>,
    target: Option<Target>,
    code_only: Option<String>,
    login_method: Option<LoginMethodSetting>,
    default_group: Option<String>,
    password_csv: Option<PasswordCsv>,
    invitation_contact: Option<String>,
    invitation_message: Option<String>,
    immediate: Option<Switch>,
    /// The preview on whose page the settings are saved.
    preview: Option<String>,
}

impl SettingsForm {
    /// Returns the chosen settings; a field that was not sent keeps its value.
    fn applied_to(self, before: &Settings) -> Settings {
        let target = match self.target {
            None => before.target,
            Some(Target::Chosen) => SyncTarget::Chosen,
            Some(Target::Everyone) if self.code_only.is_some() => SyncTarget::EveryoneAndCodeOnly,
            Some(Target::Everyone) => SyncTarget::Everyone,
        };
        let texts = &before.invitation_texts;
        let contact = self.invitation_contact.or(texts.contact.clone());
        let message = self.invitation_message.or(texts.message.clone());
        Settings {
            enabled: self.enabled.is_some(),
            target,
            login_method: self.login_method.unwrap_or(before.login_method),
            default_group: self
                .default_group
                .map_or_else(|| before.default_group.clone(), GroupId::new),
            password_csv: self.password_csv.unwrap_or(before.password_csv),
            invitation_texts: InvitationTexts::new(
                &contact.unwrap_or_default(),
                &message.unwrap_or_default(),
            ),
            immediate: self
                .immediate
                .map_or(before.immediate, |switch| switch == Switch::On),
        }
    }
}

/// Saves the settings, or shows the form again with the reason why they were not saved.
pub(super) async fn submit(
    State(app): State<App>,
    form: AdminForm<SettingsForm>,
) -> Result<Response, ProblemPage> {
    let id = form.admin.workspace_id();
    let Some(connection) = app.store().connection(id).await? else {
        let problem = Problem::conflict("not_linked", "SmartHRと連携されていません。");
        return again(&app, &form.admin, None, problem).await;
    };
    let seen = form.fields.preview.as_deref().map(RunId::new);
    let settings = form.fields.applied_to(&connection.settings);
    let admin = &form.admin.signed_in;
    let saved = preview_or_save(&app, admin, &connection, &settings, seen.as_ref());
    match saved.await {
        Ok(response) => Ok(response),
        Err(problem) if problem.code == CONFIRMATION_REQUIRED => Err(problem.into()),
        Err(problem) => again(&app, &form.admin, Some(settings), problem).await,
    }
}

/// Leads to a preview of settings that have to be previewed first, or saves them.
async fn preview_or_save(
    app: &App,
    admin: &SignedIn,
    connection: &Connection,
    settings: &Settings,
    seen: Option<&RunId>,
) -> Result<Response, Problem> {
    if let Some(preview) = preview_first(app, admin, connection, settings, seen).await? {
        return Ok(preview);
    }
    save(app, admin, settings).await?;
    Ok(Notice::Saved.at(PATH).into_response())
}
