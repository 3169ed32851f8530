//! What saving the settings would do to many people at once, on a page that asks before.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::text::people;
use domain::time::{date_and_time, next_scheduled_run};
use domain::{Connection, LoginMethodSetting, Run, Settings, SyncTarget};
use web::{Frame, Problem, html_page};

use super::PATH;
use crate::app::App;
use crate::auth::page::SignedInUser;
use crate::pages::words::word;

/// The number of runs among which the newest one that looked at everybody is searched.
const LOOKED_THROUGH: i32 = 5;

#[derive(Template)]
#[template(path = "smarthr_settings_confirm.html")]
struct Page {
    frame: Frame,
    /// What the settings would do, a sentence each.
    effects: Vec<String>,
    /// When the next run is, which does it.
    next_run: String,
    /// The names and values of the form's fields.
    fields: Vec<(&'static str, String)>,
}

/// Returns the page that asks before such settings are saved; `None` if they do nothing to many people: the sync is off,
/// nobody was synced before, or nothing but what was chosen before is chosen.
pub(super) async fn confirmation(
    app: &App,
    admin: &SignedInUser,
    connection: &Connection,
    settings: &Settings,
) -> Result<Option<Response>, Problem> {
    if !settings.enabled || !connection.is_established() {
        return Ok(None);
    }
    let runs = app.store().runs(admin.workspace_id(), None, LOOKED_THROUGH);
    let latest = runs.await?.into_iter().find(Run::looked_at_everybody);
    let synced = latest.map_or(0, |run| run.counts.synced());
    let effects = effects(&connection.settings, settings, synced as usize);
    if effects.is_empty() {
        return Ok(None);
    }
    let page = Page {
        frame: admin.frame(PATH),
        effects,
        next_run: date_and_time(next_scheduled_run(app.now())),
        fields: fields(settings),
    };
    Ok(Some(html_page(StatusCode::OK, &page)))
}

/// Returns what changes for those who are synced, a sentence each.
fn effects(before: &Settings, after: &Settings, synced: usize) -> Vec<String> {
    if synced == 0 {
        return Vec::new();
    }
    let synced = people(synced);
    let method = match after.login_method {
        _ if after.login_method == before.login_method => None,
        LoginMethodSetting::Password => None,
        LoginMethodSetting::Sso => Some(format!(
            "{synced}の認証方法がSSOに変わり、パスワードではログインできなくなります(緊急用アカウントを除く)。"
        )),
        LoginMethodSetting::Individual => Some(format!(
            "{synced}の認証方法が、SmartHRの項目「認証方法」に従って変わります。"
        )),
    };
    let is_chosen_now = after.target == SyncTarget::Chosen && before.target != after.target;
    let target = is_chosen_now.then(|| {
        format!(
            "{synced}のうち、SmartHRの項目「連携対象」が「連携する」ではない方は同期対象外になり、今後はSmartHRの情報で更新されません(削除はされません)。"
        )
    });
    method.into_iter().chain(target).collect()
}

/// Returns the fields of the form with these settings, which are switched on.
fn fields(settings: &Settings) -> Vec<(&'static str, String)> {
    let texts = &settings.invitation_texts;
    let mut fields = vec![
        ("enabled", "on".into()),
        ("login_method", word(settings.login_method)),
        ("default_group", settings.default_group.to_string()),
        ("password_csv", word(settings.password_csv)),
        (
            "invitation_contact",
            texts.contact.clone().unwrap_or_default(),
        ),
        (
            "invitation_message",
            texts.message.clone().unwrap_or_default(),
        ),
        (
            "immediate",
            if settings.immediate { "on" } else { "off" }.into(),
        ),
    ];
    match settings.target {
        SyncTarget::Chosen => fields.push(("target", "chosen".into())),
        SyncTarget::Everyone => fields.push(("target", "everyone".into())),
        SyncTarget::EveryoneAndCodeOnly => {
            fields.push(("target", "everyone".into()));
            fields.push(("code_only", "on".into()));
        }
    }
    fields
}
