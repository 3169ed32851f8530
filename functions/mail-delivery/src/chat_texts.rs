//! What posts to a chat say: numbers and what to do, and nobody's name.

use domain::text::people;
use domain::{
    MailKind, Mode, RunFailure, RunId, SamlProvider, SeatsInUse, WeekCounts, Workspace, time,
};

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;

/// The path of [ユーザー同期履歴].
const HISTORY: &str = "/settings/smarthr/history";

/// What a post says, and where it leads.
pub(crate) struct ChatText {
    pub(crate) sentence: String,
    /// The path of a page of the console.
    pub(crate) path: String,
}

impl ChatText {
    fn new(sentence: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            path: path.into(),
        }
    }
}

impl Delivery {
    /// Returns what a post says now; `None` if it is not true any more, or there are no posts about it.
    pub(crate) async fn chat_text(
        &self,
        workspace: &Workspace,
        about: &MailKind,
    ) -> Result<Option<ChatText>, DeliveryError> {
        let id = &workspace.workspace_id;
        Ok(match about {
            MailKind::ChatTest => Some(ChatText::new(
                "テスト送信です。通知はこのチャンネルに投稿されます。",
                "/settings/notifications",
            )),
            MailKind::FailedRun {
                run_id,
                failure,
                failed,
            } => {
                let run = self.store.run(id, run_id, Mode::Apply).await?;
                let sentence = of_failure(failure.as_ref(), *failed);
                run.map(|run| ChatText::new(sentence, path_of(&run.run_id)))
            }
            MailKind::HeldDeletions { run_id } => {
                let read = self.run_and_connection(id, run_id).await?;
                let held = read.map(|(run, connection)| run.unanswered_deletions(&connection));
                held.filter(|people| *people > 0).map(|held| {
                    let sentence = format!(
                        "退職による{}の削除を保留しました。許可または拒否してください。",
                        people(held)
                    );
                    ChatText::new(sentence, path_of(run_id))
                })
            }
            MailKind::HeldAccountChanges { run_id } => {
                let read = self.run_and_connection(id, run_id).await?;
                let held = read
                    .map(|(run, connection)| run.unanswered_account_changes(&connection).count());
                held.filter(|people| *people > 0).map(|held| {
                    let sentence = format!(
                        "{}のログイン情報の変更を保留しました。システム管理者が許可または拒否してください。",
                        people(held)
                    );
                    ChatText::new(sentence, path_of(run_id))
                })
            }
            MailKind::ReconnectNeeded => {
                let connection = self.store.connection(id).await?;
                let is_needed = connection.is_some_and(|connection| connection.needs_reconnect());
                is_needed.then(|| {
                    ChatText::new(
                        "ユーザー同期が停止しています。SmartHRとの再連携が必要です。",
                        "/settings/smarthr",
                    )
                })
            }
            MailKind::ConnectionMayEnd { since } => {
                let connection = self.store.connection(id).await?;
                let paused = connection.and_then(|connection| connection.paused_since());
                (paused == Some(*since)).then(|| {
                    ChatText::new(
                        "ユーザー同期が60日以上停止しています。SmartHRとの連携は、90日間使用しないと無効になることがあります。",
                        "/settings/smarthr",
                    )
                })
            }
            MailKind::SeatsNearlyFull { .. } => {
                let counted = self.store.seats_and_lease(id).await?;
                let seats = SeatsInUse::of(workspace, counted.users);
                let sentence = format!("プランのユーザー数の90%以上を使用しています({seats})。");
                let is_true = seats.is_nearly_full();
                is_true.then(|| ChatText::new(sentence, "/settings/contract"))
            }
            MailKind::SamlCertificateEnds { ends_at, .. } => {
                let provider = workspace.saml_in_use();
                let ends = provider.and_then(SamlProvider::certificates_end_at);
                let day = time::japanese_date(*ends_at);
                let sentence = format!("SSOのIDプロバイダーの証明書の有効期限は{day}です。");
                let is_true = ends == Some(*ends_at);
                is_true.then(|| ChatText::new(sentence, "/settings/single-sign-on"))
            }
            MailKind::WeeklySummary { until } => {
                let counts = self.week_counts(id, *until).await?;
                counts.map(|week| ChatText::new(of_week(&week), HISTORY))
            }
            _ => None,
        })
    }
}

/// Returns what is said of a run that failed, as a whole or for some people.
fn of_failure(failure: Option<&RunFailure>, failed: u32) -> String {
    if let Some(failure) = failure {
        return format!("ユーザー同期に失敗しました。原因: {}", failure.cause());
    }
    let people = people(failed as usize);
    format!("{people}のユーザーを同期できませんでした。")
}

/// Returns what is said of the runs of a week.
fn of_week(week: &WeekCounts) -> String {
    let [invited, registered, updated, deleted, failed] = [
        week.invited + week.reinvited,
        week.registered,
        week.updated,
        week.deleted,
        week.still_failed,
    ]
    .map(|number| people(number as usize));
    format!(
        "1週間の同期の結果: 招待{invited}、登録{registered}、更新{updated}、削除{deleted}。直近の同期で同期できなかった方は{failed}です。"
    )
}

fn path_of(run_id: &RunId) -> String {
    format!("{HISTORY}/{run_id}")
}
