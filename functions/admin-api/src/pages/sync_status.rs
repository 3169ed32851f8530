//! The card with the state of the sync: on the dashboard, and at the top of the page 外部サービス連携 → SmartHR.

use domain::time::{date_and_time, next_scheduled_run};
use domain::{Connection, SeatsInUse, Settings, UserState};
use jiff::Timestamp;
use web::Problem;

use crate::app::App;
use crate::auth::page::PageUser;
use crate::connection_sentence::connection_sentence;
use crate::pages::runs::run_line::RunLine;
use crate::pages::to_do::{ToDo, ToDoInput};

/// The number of runs among which the newest one that looked at everybody is searched.
const LAST_RUNS: i32 = 5;

/// The state of the sync, and what an admin has to do.
pub(crate) struct SyncStatus {
    pub(crate) message: String,
    /// 有効 or 停止中; `None` while nothing is connected.
    pub(crate) sync: Option<&'static str>,
    /// When the next run starts, or why there is none.
    pub(crate) next_run: String,
    pub(crate) last_run: Option<RunLine>,
    /// `2,946名 / 5,000名`
    pub(crate) seats: String,
    pub(crate) to_do: Vec<ToDo>,
}

impl SyncStatus {
    /// Reads the newest runs, the number of users, and the roster; `connection` was read before.
    ///
    /// # Errors
    /// The 503 when DynamoDB does not answer.
    pub(crate) async fn read(
        app: &App,
        admin: &PageUser,
        connection: Option<&Connection>,
    ) -> Result<Self, Problem> {
        let (id, store) = (admin.workspace_id(), app.store());
        let (runs, seats, roster) = tokio::try_join!(
            store.runs(id, None, LAST_RUNS),
            store.seats_and_lease(id),
            app.roster(id),
        )?;
        let now = app.now();
        let in_use = SeatsInUse::of(&admin.workspace, seats.users);
        let mut whole = runs.iter().filter(|run| !run.is_day_entry());
        let last_run = whole.next().map(|run| RunLine {
            // A reload would discard what the admin has typed on the page.
            refresh: false,
            ..RunLine::of(run, &seats, connection, now)
        });
        let established = connection.filter(|connection| connection.is_established());
        Ok(Self {
            message: connection_sentence(connection),
            sync: established.map(|connection| sync_state(&connection.settings)),
            next_run: next_run(connection, now),
            last_run,
            seats: in_use.to_string(),
            to_do: ToDo::list(&ToDoInput {
                connection,
                runs: &runs,
                seats: in_use,
                expired_invitations: roster.people_in(UserState::InvitationExpired, now),
                bounced: roster.people_in(UserState::Bounced, now),
            }),
        })
    }
}

fn sync_state(settings: &Settings) -> &'static str {
    if settings.enabled {
        "有効"
    } else {
        "停止中"
    }
}

fn next_run(connection: Option<&Connection>, now: Timestamp) -> String {
    let Some(connection) = connection.filter(|connection| connection.is_established()) else {
        return "なし(SmartHRと連携されていません)".into();
    };
    if !connection.settings.enabled {
        return "なし(設定の[有効にする]にチェックが入っていません)".into();
    }
    if connection.needs_reconnect() {
        return "再連携するまで同期されません".into();
    }
    format!("{}(日本時間)", date_and_time(next_scheduled_run(now)))
}
