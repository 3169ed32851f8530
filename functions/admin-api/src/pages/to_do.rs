//! 要対応: what waits for an admin, each with the click that sees to it.

use domain::text::people;
use domain::{Connection, ConnectionState, Run, RunFailure, SeatsInUse, UserState, WaitsForAdmin};
use web::CONTRACT;

use crate::api::runs::account_changes::open_questions;
use crate::api::runs::held_deletions::unanswered;
use crate::connection_sentence::state_of;
use crate::pages::connection::PATH as SMARTHR;
use crate::pages::runs::PATH as HISTORY;
use crate::pages::runs::failures::PATH as FAILURES;
use crate::pages::wire_names::wire_name;

/// What the list of things to do is made from.
pub(crate) struct ToDoInput<'a> {
    pub(crate) connection: Option<&'a Connection>,
    /// The newest runs, newest first.
    pub(crate) runs: &'a [Run],
    pub(crate) seats: SeatsInUse,
    /// How many people have a link that expired before it was used.
    pub(crate) expired_invitations: usize,
    /// How many people did not get the mail of their open invitation.
    pub(crate) bounced: usize,
}

/// Something to do.
#[derive(Debug)]
pub(crate) struct ToDo {
    pub(crate) text: String,
    pub(crate) action: Action,
}

/// The click that sees to something.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// The button [連携する].
    Connect,
    /// A link.
    Open { path: String, link: &'static str },
}

impl ToDo {
    fn open(text: impl Into<String>, path: impl Into<String>, link: &'static str) -> Self {
        Self {
            text: text.into(),
            action: Action::Open {
                path: path.into(),
                link,
            },
        }
    }

    /// Returns what there is to do, the most urgent first.
    pub(crate) fn list(input: &ToDoInput<'_>) -> Vec<Self> {
        let mut list = Vec::new();
        list.extend(about_connection(input));
        list.extend(about_questions(input));
        list.extend(about_runs(input));
        list.extend(about_invitations(input));
        list.extend(about_seats(input));
        list
    }
}

fn about_connection(input: &ToDoInput<'_>) -> Vec<ToDo> {
    let pending = input.connection.and_then(|it| it.pending.as_ref());
    let switch = pending.map(|company| {
        let text = format!(
            "別のSmartHR企業アカウント<{}>への切り替えを確認してください。",
            company.name
        );
        ToDo::open(text, SMARTHR, "切り替えを確認する")
    });
    let connect = match state_of(input.connection) {
        ConnectionState::ReconnectNeeded => Some(ToDo {
            text: "SmartHRとの再連携が必要です。再連携するまで、同期を停止しています。".into(),
            action: Action::Connect,
        }),
        ConnectionState::Disconnected if pending.is_none() => Some(ToDo::open(
            "SmartHRと連携されていません。",
            SMARTHR,
            "SmartHRと連携する",
        )),
        _ => None,
    };
    connect.into_iter().chain(switch).collect()
}

/// Returns what is held. Only the newest run accepts answers; what an earlier one held waits for the next one to ask
/// again.
fn about_questions(input: &ToDoInput<'_>) -> Vec<ToDo> {
    let waits = WaitsForAdmin::of(input.connection);
    let newest = input.runs.first();
    let asked = |count: fn(&Run, Option<&Connection>) -> usize| {
        newest.map_or(0, |run| count(run, input.connection))
    };
    let held = [
        ("退職による削除", "held", asked(unanswered), waits.deletions),
        (
            "ログイン情報の変更",
            "account-changes",
            asked(open_questions),
            waits.account_changes,
        ),
    ];
    let to_do = |(what, place, asked, waiting): (&str, &str, usize, usize)| match (newest, asked) {
        (Some(run), 1..) => Some(ToDo::open(
            format!("{what}を保留しています({})。", people(asked)),
            format!("{HISTORY}/{}#{place}", run.run_id),
            "許可または拒否する",
        )),
        _ if waiting > 0 => Some(ToDo::open(
            format!(
                "{what}を保留しています({})。次回の同期のあとに、許可または拒否できます。",
                people(waiting)
            ),
            HISTORY,
            "ユーザー同期履歴",
        )),
        _ => None,
    };
    held.into_iter().filter_map(to_do).collect()
}

fn about_runs(input: &ToDoInput<'_>) -> Vec<ToDo> {
    if !input.connection.is_some_and(Connection::is_established) {
        return Vec::new();
    }
    let mut runs = input.runs.iter();
    // The entry of a day says nothing about everybody.
    let ended = runs.find(|run| run.finished_at.is_some() && !run.is_day_entry());
    let whole = ended.and_then(|run| {
        // SmartHR's refusal is the reconnection above; what was held is asked above.
        let failure = run.failure.as_ref().filter(|failure| {
            **failure != RunFailure::TokenRefused && failure.lost_field().is_none()
        })?;
        let text = format!(
            "前回の同期に失敗しました: {}。{}。",
            failure.cause(),
            failure.remedy()
        );
        let path = format!("{HISTORY}/{}", run.run_id);
        Some(ToDo::open(text, path, "結果を確認する"))
    });
    let latest = input.runs.iter().find(|run| run.looked_at_everybody());
    let failed = latest.filter(|run| run.counts.failed > 0).map(|run| {
        let failed = people(run.counts.failed as usize);
        ToDo::open(
            format!("同期できていない方がいます({failed})。"),
            FAILURES,
            "原因と対処を確認する",
        )
    });
    whole.into_iter().chain(failed).collect()
}

fn about_invitations(input: &ToDoInput<'_>) -> Vec<ToDo> {
    let states = [
        (
            UserState::Bounced,
            input.bounced,
            "招待メールが届いていない方がいます",
            "メールアドレスを確認する",
        ),
        (
            UserState::InvitationExpired,
            input.expired_invitations,
            "招待の期限が切れた方がいます",
            "再招待する",
        ),
    ];
    let states = states.into_iter().filter(|(_, count, ..)| *count > 0);
    states
        .map(|(state, count, text, link)| {
            let path = format!("/users?state={}", wire_name(state));
            ToDo::open(format!("{text}({})。", people(count)), path, link)
        })
        .collect()
}

fn about_seats(input: &ToDoInput<'_>) -> Option<ToDo> {
    let seats = input.seats;
    let text = if seats.is_full() {
        format!(
            "プランのユーザー数の上限に達しています({seats})。不要なユーザーを削除するか、プランのユーザー数を追加してください。"
        )
    } else if seats.is_nearly_full() {
        let free = people(seats.free() as usize);
        format!("プランのユーザー数の残りが少なくなっています({seats}、残り{free})。")
    } else {
        return None;
    };
    Some(ToDo::open(text, CONTRACT, "ご契約"))
}
