//! One run of the sync, as it is stored and shown in the history.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::redacted::Redacted;
use crate::run_failure::RunFailure;
use crate::{RunId, UserId};

/// How a run was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = TriggerWord, description = "How a run was started: at 02:00, 今すぐ同期, by an engineer")
)]
pub enum Trigger {
    /// At 02:00.
    Schedule,
    /// 「今すぐ同期」
    Manual,
    /// By hand, by an engineer.
    Operator,
}

impl Trigger {
    /// The word in the history.
    pub fn label(self) -> &'static str {
        match self {
            Self::Schedule => "自動(午前2時)",
            Self::Manual => "今すぐ同期",
            Self::Operator => "サポート",
        }
    }
}

/// Whether a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It does.
    Apply,
    /// It shows what it would do.
    Preview,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = RunOutcomeWord, description = "Where a run stands: under way, 成功, 失敗")
)]
pub enum RunOutcome {
    /// Under way.
    Running,
    /// ✓ 成功
    Success,
    /// ! 失敗: one failed person is enough.
    Failure,
}

/// People by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = CountsView, description = "People by what happened to them.")
)]
pub struct Counts {
    /// 招待 and 再招待
    pub invited: u32,
    /// 登録
    pub registered: u32,
    /// 更新
    pub updated: u32,
    /// 削除
    pub deleted: u32,
    /// 失敗
    pub failed: u32,
    /// 変更なし
    pub unchanged: u32,
    /// 対象外
    pub out_of_scope: u32,
    /// 保留
    pub held: u32,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Sorts by start.
    pub run_id: RunId,
    /// How it was started.
    pub trigger: Trigger,
    /// Whether it writes.
    pub mode: Mode,
    /// Where it stands.
    pub outcome: RunOutcome,
    /// When it was started first.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
    /// People by what happened to them, once it ended.
    #[serde(default)]
    pub counts: Counts,
    /// Why the whole run failed, if it did.
    #[serde(default)]
    pub failure: Option<RunFailure>,
    /// Whose deletions wait for an admin.
    #[serde(default)]
    pub held: Vec<UserId>,
    /// Where its log is in S3, once it ended.
    #[serde(default)]
    pub log_key: Option<String>,
    /// What the initial passwords of this run are derived from, together with a key that is kept
    /// elsewhere; gone once their CSV was delivered.
    #[serde(default)]
    pub password_seed: Option<Redacted>,
}

/// The id of the run that was started so at `started_at`: it sorts by start, and the schedule's
/// event, delivered twice, names the same run twice.
pub fn run_id(started_at: Timestamp, trigger: Trigger) -> RunId {
    let how = match trigger {
        Trigger::Schedule => "schedule",
        Trigger::Manual => "manual",
        Trigger::Operator => "operator",
    };
    RunId::new(format!("{}-{how}", started_at.strftime("%Y%m%dT%H%M%SZ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_named_after_its_start_in_utc_and_how_it_was_started() {
        let two_in_japan: Timestamp = "2026-11-23T02:00:00+09:00".parse().unwrap();
        assert_eq!(
            run_id(two_in_japan, Trigger::Schedule).as_str(),
            "20261122T170000Z-schedule"
        );
    }
}
