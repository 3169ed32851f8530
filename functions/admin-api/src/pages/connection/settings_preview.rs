//! What saving the settings would do to many people at once: a preview with these settings, before they are saved.

use axum::response::Response;
use domain::text::people;
use domain::time::{date_and_time, next_scheduled_run};
use domain::{Connection, ProposedSettings, Run, Settings, SettingsEffect, SyncTarget};
use jiff::Timestamp;
use web::{Problem, SignedIn};

use crate::api::connection::settings::check;
use crate::api::previews::ask_for_preview;
use crate::app::App;
use crate::idempotency::Attempt;
use crate::pages::previews;
use crate::pages::words::word;

/// The number of runs among which the newest one that looked at everybody is searched.
const LOOKED_THROUGH: i32 = 5;

/// Settings that are not saved yet, on the page of their preview.
pub(crate) struct Proposal {
    /// What they would do, a sentence each; empty while that is unknown.
    pub(crate) effects: Vec<String>,
    /// When the next run is, which does it.
    pub(crate) next_run: String,
    /// The names and values of the form's fields.
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Proposal {
    /// Creates what the page shows.
    pub(crate) fn of(proposed: &ProposedSettings, now: Timestamp) -> Self {
        Self {
            effects: proposed.effect.map(effects).unwrap_or_default(),
            next_run: date_and_time(next_scheduled_run(now)),
            fields: fields(&proposed.settings),
        }
    }
}

/// Starts a preview with such settings, and returns the way to its page; `None` if they can be saved at once: the admin has seen
/// the preview, or they do nothing to many people, or nobody was synced before.
///
/// # Errors
/// The reason why they cannot be saved, or why there is no preview now.
pub(super) async fn preview_first(
    app: &App,
    admin: &SignedIn,
    connection: &Connection,
    settings: &Settings,
    is_confirmed: bool,
) -> Result<Option<Response>, Problem> {
    if is_confirmed || !connection.settings.may_change_many(settings) {
        return Ok(None);
    }
    let runs = app.store().runs(&admin.workspace_id, None, LOOKED_THROUGH);
    let latest = runs.await?.into_iter().find(Run::looked_at_everybody);
    if latest.is_none_or(|run| run.counts.synced() == 0) {
        return Ok(None);
    }
    check(app, admin, settings).await?;
    let proposed = Some(settings.clone());
    let run_id = ask_for_preview(app, admin, Attempt::first(app), proposed).await?;
    Ok(Some(previews::redirect(&run_id)))
}

/// Returns what changes for how many people, a sentence each.
fn effects(effect: SettingsEffect) -> Vec<String> {
    let SettingsEffect {
        to_sso,
        to_password,
        left_out,
    } = effect;
    let sentences = [
        (
            to_sso,
            "の認証方法がSSOに変わり、パスワードではログインできなくなります。",
        ),
        (
            to_password,
            "の認証方法がパスワードに変わります。パスワードを設定するURLがメールで届きます(メールアドレスがない方には、初期パスワードを発行します)。",
        ),
        (
            left_out,
            "は、SmartHRの項目「連携対象」が「連携する」ではないため同期対象外になり、今後はSmartHRの情報で更新されません(削除はされません)。同期する方は、保存した後、次回の同期までに、SmartHRで「連携する」にしてください。",
        ),
    ];
    let changed = sentences.into_iter().filter(|(number, _)| *number > 0);
    let sentences: Vec<String> = changed
        .map(|(number, words)| format!("{}{words}", people(number as usize)))
        .collect();
    if sentences.is_empty() {
        return vec!["認証方法が変わる方と、同期対象外になる方はいません。".into()];
    }
    sentences
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
