//! One run of the sync, as it is stored and shown in the history.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::is_default::is_default;
use crate::redacted::Redacted;
use crate::report::FieldChange;
use crate::run_failure::RunFailure;
use crate::{AccountChange, Connection, HeldBecause, OutageRetry, ProposedSettings, RunId, UserId};

/// How a run was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = TriggerWord, description = "How a run was started: at 02:00, 今すぐ同期, by an engineer, by changes in SmartHR")
)]
pub enum Trigger {
    /// At 02:00.
    Schedule,
    /// 「今すぐ同期」
    Manual,
    /// By hand, by an engineer.
    Operator,
    /// 即時反映: SmartHR reported that people changed. One run a day, which each report continues.
    Immediate,
}

impl Trigger {
    /// Returns the word in the history.
    pub fn label(self) -> &'static str {
        match self {
            Self::Schedule => "自動(午前2時)",
            Self::Manual => "今すぐ同期",
            Self::Operator => "サポート",
            Self::Immediate => "即時反映",
        }
    }
}

/// Whether a run writes or only shows what it would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The run applies its plan.
    Apply,
    /// The run shows its plan and changes nobody.
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

impl RunOutcome {
    /// Returns the value in logs, as it is stored.
    pub fn wire_name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

/// People by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = CountsView, description = "People by what happened to them.")
)]
pub struct Counts {
    /// 招待
    pub invited: u32,
    /// 再招待. Runs before it was counted apart have it in `invited`.
    #[serde(default)]
    pub reinvited: u32,
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
    /// 反映待ち, of immediate runs.
    #[serde(default)]
    pub waiting: u32,
}

impl Counts {
    /// Returns how many people are synced: they have a user, as SmartHR says.
    pub fn synced(&self) -> u32 {
        self.invited + self.reinvited + self.registered + self.updated + self.unchanged
    }
}

/// How many people changed since the night before: by day, and in the night.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesByDay {
    /// 即時反映済み: how many changes immediate runs made since the night before.
    pub reflected: u32,
    /// 夜に見つかった: how many people the night invited, registered, updated or deleted. Those are left out who get an
    /// initial password, which is issued at night only, or a further invitation, which comes when a link ends.
    pub found: u32,
}

/// A change of an admin's account, as a run asks the システム管理者 about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountQuestion {
    /// The change, for exactly which the answer is valid.
    #[serde(flatten)]
    pub change: AccountChange,
    /// 氏名 of the user.
    pub name: String,
    /// What would change, in words of the screen.
    pub fields: Vec<FieldChange>,
}

/// A run of the sync, or a preview of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The id of the run; ids sort by start.
    pub run_id: RunId,
    /// How the run was started.
    pub trigger: Trigger,
    /// Whether the run writes or is a preview.
    pub mode: Mode,
    /// Whether the run is under way, succeeded or failed.
    pub outcome: RunOutcome,
    /// The time at which the run was triggered, which its id begins with.
    pub started_at: Timestamp,
    /// The time at which the run ended; `None` while it is under way.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
    /// People by what happened to them; all 0 while the run is under way.
    #[serde(default)]
    pub counts: Counts,
    /// Why the whole run failed; `None` if it did not.
    #[serde(default)]
    pub failure: Option<RunFailure>,
    /// The next attempt, or the present one, after SmartHR did not answer; `None` if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<OutageRetry>,
    /// The users whose deletions wait for an admin.
    #[serde(default)]
    pub held: Vec<UserId>,
    /// Why these deletions wait.
    #[serde(default)]
    pub held_because: HeldBecause,
    /// The changes of admins' accounts that wait for a システム管理者.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_account_changes: Vec<AccountQuestion>,
    /// How many more of them wait: a run asks about
    /// [`MAX_ACCOUNT_CHANGES`](crate::plan::account_changes::MAX_ACCOUNT_CHANGES), and the next one about others.
    #[serde(default, skip_serializing_if = "is_default")]
    pub more_account_changes: usize,
    /// Whether SmartHR had disabled our webhook, so that nothing was reported for some time, and the run enabled it
    /// again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub webhook_enabled_again: bool,
    /// How many changes were made by day, of a night; `None` if it is unknown, and for other runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_day: Option<ChangesByDay>,
    /// The S3 key of the log; `None` while the run is under way, or if the log could not be stored.
    #[serde(default)]
    pub log_key: Option<String>,
    /// The seed that the initial passwords of this run are derived from, together with a key that
    /// is kept elsewhere; `None` once their CSV was sent, or if there are none.
    #[serde(default)]
    pub password_seed: Option<Redacted>,
    /// The settings that a preview plans with in place of the saved ones; `None` if it plans with those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Box<ProposedSettings>>,
}

impl Run {
    /// Creates the record of a run that begins, without results.
    pub fn begun(run_id: RunId, trigger: Trigger, mode: Mode, started_at: Timestamp) -> Self {
        Self {
            run_id,
            trigger,
            mode,
            outcome: RunOutcome::Running,
            started_at,
            finished_at: None,
            counts: Counts::default(),
            failure: None,
            retry: None,
            held: Vec::new(),
            held_because: HeldBecause::default(),
            held_account_changes: Vec::new(),
            more_account_changes: 0,
            webhook_enabled_again: false,
            by_day: None,
            log_key: None,
            password_seed: None,
            proposed: None,
        }
    }

    /// Returns whether the run ended and says of everybody in SmartHR whether they are synced. A run that failed as a
    /// whole does not, unless only those who would lose an attribute were left as they are. Neither does the entry of a
    /// day's immediate changes.
    pub fn looked_at_everybody(&self) -> bool {
        let failure = self.failure.as_ref();
        self.outcome != RunOutcome::Running
            && !self.is_day_entry()
            && failure.is_none_or(|failure| failure.lost_field().is_some())
    }

    /// Returns how many of the deletions that the run held have no answer in `connection`.
    pub fn unanswered_deletions(&self, connection: &Connection) -> usize {
        let answer_to = |user_id| connection.decisions.answer_to(user_id);
        let held = self.held.iter();
        held.filter(|user_id| answer_to(user_id).is_none()).count()
    }

    /// Returns those of the account changes that the run held which have no answer in `connection`.
    pub fn unanswered_account_changes<'a>(
        &'a self,
        connection: &'a Connection,
    ) -> impl Iterator<Item = &'a AccountQuestion> {
        let held = self.held_account_changes.iter();
        held.filter(|question| connection.answer_to(&question.change).is_none())
    }
}

/// Returns the id of a run that `trigger` started at `started_at`. Ids sort by start, and the
/// schedule's event, when it is delivered twice, yields the same id twice.
pub fn run_id(started_at: Timestamp, trigger: Trigger) -> RunId {
    let how = match trigger {
        Trigger::Schedule => "schedule",
        Trigger::Manual => "manual",
        Trigger::Operator => "operator",
        Trigger::Immediate => "immediate",
    };
    RunId::new(format!("{}-{how}", started_at.strftime("%Y%m%dT%H%M%SZ")))
}

/// Returns the time in the id of a run, at which it was scheduled or asked for; `None` if the id has none.
pub fn time_of_run_id(run_id: &RunId) -> Option<Timestamp> {
    let (time, _) = run_id.as_str().split_once('-')?;
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", time).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_named_after_its_start_in_utc_and_how_it_was_started() {
        let two_in_japan: Timestamp = "2026-11-23T02:00:00+09:00".parse().unwrap();
        let run_id = run_id(two_in_japan, Trigger::Schedule);
        assert_eq!(run_id.as_str(), "20261122T170000Z-schedule");
        assert_eq!(time_of_run_id(&run_id), Some(two_in_japan));
        assert_eq!(time_of_run_id(&RunId::new("of an operator")), None);
    }
}
