//! What saving the settings would do to many people at once: a preview with these settings, before they are saved.

use axum::response::Response;
use domain::text::people;
use domain::time::{date_and_time, next_scheduled_run};
use domain::{
    Connection, Mode, ProposedSettings, Run, RunId, Settings, SettingsEffect, SyncTarget,
};
use jiff::Timestamp;
use web::{Problem, SignedIn};

use crate::api::connection::settings::check;
use crate::api::previews::ask_for_preview;
use crate::app::App;
use crate::idempotency::Attempt;
use crate::pages::previews;
use crate::pages::wire_names::wire_name;

/// The number of runs among which the newest one that looked at everybody is searched.
const LOOKED_THROUGH: i32 = 5;

/// Settings that are not saved yet, on the page of their preview.
pub(crate) struct ProposedSettingsView {
    /// Whether others were saved since the preview, so that it is not true any more.
    pub(crate) is_outdated: bool,
    /// What they would do, a sentence each; empty while that is unknown.
    pub(crate) effects: Vec<String>,
    /// When the next run is, which does it.
    pub(crate) next_run: String,
    /// The names and values of the form's fields.
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl ProposedSettingsView {
    /// Creates what the page shows; `connection` is the present one.
    pub(crate) fn of(
        proposed: &ProposedSettings,
        connection: Option<&Connection>,
        now: Timestamp,
    ) -> Self {
        Self {
            is_outdated: is_outdated(proposed, connection),
            effects: proposed.effect.map(effects).unwrap_or_default(),
            next_run: date_and_time(next_scheduled_run(now)),
            fields: fields(&proposed.settings),
        }
    }
}

/// Returns whether other settings are saved now than when the preview began.
fn is_outdated(proposed: &ProposedSettings, connection: Option<&Connection>) -> bool {
    let before = proposed.instead_of.as_ref();
    before.is_some() && before != connection.map(|connection| &connection.settings)
}

/// Starts a preview with such settings, and returns the way to its page; `None` if they can be saved at once: the admin
/// comes from the page of a preview with them, `seen`, or they do nothing to many people, or nobody was synced before.
///
/// # Errors
/// The reason why they cannot be saved, or why there is no preview now.
pub(super) async fn preview_first(
    app: &App,
    admin: &SignedIn,
    connection: &Connection,
    settings: &Settings,
    seen: Option<&RunId>,
) -> Result<Option<Response>, Problem> {
    if !connection.settings.may_change_many(settings) {
        return Ok(None);
    }
    if let Some(seen) = seen {
        let preview = app.store().run(&admin.workspace_id, seen, Mode::Preview);
        let proposed = preview.await?.and_then(|preview| preview.proposed);
        let is_seen = proposed.is_some_and(|proposed| {
            proposed.settings == *settings && !is_outdated(&proposed, Some(connection))
        });
        if is_seen {
            return Ok(None);
        }
    }
    let runs = app.store().runs(&admin.workspace_id, None, LOOKED_THROUGH);
    let latest = runs.await?.into_iter().find(Run::looked_at_everybody);
    if latest.is_none_or(|run| run.counts.synced() == 0) {
        return Ok(None);
    }
    check(app, admin, connection, settings).await?;
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

/// Returns the fields of the form with these settings, which are switched on: others are not previewed.
fn fields(settings: &Settings) -> Vec<(&'static str, String)> {
    let texts = &settings.invitation_texts;
    let mut fields = vec![
        ("enabled", "on".into()),
        ("login_method", wire_name(settings.login_method)),
        ("default_group", settings.default_group.to_string()),
        ("password_csv", wire_name(settings.password_csv)),
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
