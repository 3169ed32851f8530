//! Runs: `pk` = workspace id, `sk` = run id.

use domain::{Mode, Run, RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, number, text, to_item};

/// How long the history is kept: 400 days.
pub const HISTORY: SignedDuration = SignedDuration::from_hours(400 * 24);

/// How the beginning of a run was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStart {
    /// It begins now.
    New,
    /// It had begun before, and may have ended: so it is stored.
    Existing(Run),
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
    ) -> Result<RunStart, StoreError> {
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
            Ok(_) => Ok(RunStart::New),
            Err(error) if error.is_condition() => self
                .run(workspace_id, &run.run_id, run.mode)
                .await?
                .map(RunStart::Existing)
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
