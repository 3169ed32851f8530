//! Runs: `pk` = workspace id, `sk` = run id.

use directory::{RunFailure, RunId, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::concealed::Concealed;
use crate::error::StoreError;
use crate::store::{Item, Store, from_item, number, text, to_item};

/// How long the history is kept: 400 days.
pub const HISTORY: SignedDuration = SignedDuration::from_hours(400 * 24);

/// How a run was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    pub password_seed: Option<Concealed>,
}

/// How the beginning of a run was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It begins now.
    Now,
    /// It had begun before, and may have ended: so it is stored.
    Before(Run),
}

pub(crate) fn runs_partition(workspace_id: &WorkspaceId, mode: Mode) -> String {
    match mode {
        Mode::Apply => workspace_id.to_string(),
        Mode::Preview => format!("{workspace_id}#preview"),
    }
}

pub(crate) fn ends_after(item: &mut Item, now: Timestamp, life: SignedDuration) {
    item.insert("ttl".into(), number(now.as_second() + life.as_secs()));
}

impl Store {
    pub(crate) fn run_item(
        workspace_id: &WorkspaceId,
        run: &Run,
        now: Timestamp,
    ) -> Result<Item, StoreError> {
        let mut item = to_item(run, "run")?;
        item.insert("pk".into(), text(runs_partition(workspace_id, run.mode)));
        item.insert("sk".into(), text(run.run_id.as_str()));
        ends_after(&mut item, now, HISTORY);
        Ok(item)
    }

    /// Notes that a run began, unless it is known already.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn begin_run(
        &self,
        workspace_id: &WorkspaceId,
        run: &Run,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        let put = self
            .db
            .put_item()
            .table_name(&self.tables.runs)
            .set_item(Some(Self::run_item(workspace_id, run, now)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await
            .map_err(StoreError::from_sdk("PutItem"));
        match put {
            Ok(_) => Ok(Begun::Now),
            Err(error) if error.is_condition() => self
                .run(workspace_id, &run.run_id, run.mode)
                .await?
                .map(Begun::Before)
                .ok_or(StoreError::Conflict("the run is gone")),
            Err(error) => Err(error),
        }
    }

    /// One run.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn run(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
        mode: Mode,
    ) -> Result<Option<Run>, StoreError> {
        self.item(
            &self.tables.runs,
            [
                ("pk", &runs_partition(workspace_id, mode)),
                ("sk", run_id.as_str()),
            ],
            "run",
        )
        .await
    }

    /// The newest run of a workspace, under way or ended: the only one that asks about what it held.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn newest_run(&self, workspace_id: &WorkspaceId) -> Result<Option<Run>, StoreError> {
        Ok(self.runs(workspace_id, None, 1).await?.pop())
    }

    /// The runs of a workspace, newest first, from the one before `before`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn runs(
        &self,
        workspace_id: &WorkspaceId,
        before: Option<&RunId>,
        limit: i32,
    ) -> Result<Vec<Run>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.runs)
            .expression_attribute_values(":workspace", text(workspace_id.as_str()))
            .scan_index_forward(false)
            .limit(limit);
        let query = match before {
            None => query.key_condition_expression("pk = :workspace"),
            Some(before) => query
                .key_condition_expression("pk = :workspace AND sk < :before")
                .expression_attribute_values(":before", text(before.as_str())),
        };
        // Runs that held many deletions are long: an answer of 1 MB may have fewer than were asked for.
        let most = usize::try_from(limit).unwrap_or_default();
        let mut pages = query.into_paginator().send();
        let mut runs = Vec::new();
        while runs.len() < most
            && let Some(page) = pages.next().await
        {
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            for item in page.items.unwrap_or_default() {
                runs.push(from_item(item, "run")?);
            }
        }
        runs.truncate(most);
        Ok(runs)
    }
}
