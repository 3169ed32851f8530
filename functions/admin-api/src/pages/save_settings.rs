//! [設定を保存]

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::{GroupId, LoginMethodSetting, Settings, SyncTarget};
use serde::Deserialize;
use web::ProblemPage;

use crate::app::App;
use crate::pages::gate::ManagerForm;
use crate::pages::notice::Done;
use crate::pages::smarthr::{PATH, again};
use crate::settings::save;

/// 同期対象, of which one kind has a sub-choice.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Target {
    Everyone,
    Chosen,
}

/// The fields of the form. Browsers leave out a box that is not ticked, and what is disabled.
#[derive(Deserialize)]
pub(crate) struct SettingsForm {
    enabled: Option<String>,
    target: Option<Target>,
    code_only: Option<String>,
    login_method: Option<LoginMethodSetting>,
    default_group: Option<String>,
}

impl SettingsForm {
    /// What was chosen; what was not sent stays as it is.
    fn applied_to(self, before: &Settings) -> Settings {
        let target = match self.target {
            None => before.target,
            Some(Target::Chosen) => SyncTarget::Chosen,
            Some(Target::Everyone) if self.code_only.is_some() => SyncTarget::EveryoneAndCodeOnly,
            Some(Target::Everyone) => SyncTarget::Everyone,
        };
        Settings {
            enabled: self.enabled.is_some(),
            target,
            login_method: self.login_method.unwrap_or(before.login_method),
            default_group: self
                .default_group
                .map_or_else(|| before.default_group.clone(), GroupId::new),
        }
    }
}

/// Saves and says 「SmartHRの設定を保存しました」; or shows the form again with the reason.
pub(crate) async fn submit(
    State(app): State<App>,
    form: ManagerForm<SettingsForm>,
) -> Result<Response, ProblemPage> {
    let id = form.visitor.workspace_id();
    let Some(link) = app.store().connection(id).await? else {
        let problem = web::Problem::conflict("not_linked", "SmartHRと連携されていません。");
        return again(&app, &form.visitor, None, problem).await;
    };
    let settings = form.fields.applied_to(&link.settings);
    match save(&app, id, &settings).await {
        Ok(()) => Ok(Done::Saved.at(PATH).into_response()),
        Err(problem) => again(&app, &form.visitor, Some(settings), problem).await,
    }
}
