//! Runs, in the table `runs`.
//!
//! `pk` = workspace id, with "#preview" appended for previews; `sk` = run id, which sorts by time; the
//! fields of [`Run`]. `password_seed`, from which initial passwords are derived, is removed when their
//! mail was sent. `ttl` ends the item after 400 days, and a preview's after 7.

use std::collections::HashSet;

use domain::{Mode, Run, RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};

use crate::error::{StoreError, if_condition_held};
use crate::store::{Item, Store, expire_at, key, readable, string, text, to_item};

/// How long the history is kept: 400 days.
pub const HISTORY: SignedDuration = SignedDuration::from_hours(400 * 24);

/// The number of runs among which the newest of a kind is searched.
const LOOKED_THROUGH: i32 = 4;

/// The most previews that a workspace starts on a day, among which the newest with the saved settings is searched.
const PREVIEWS_A_DAY: i32 = 100;

/// How long a preview is kept: a week.
pub const PREVIEWS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How a run was recorded at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStart {
    /// The run was not recorded before, and starts now.
    New,
    /// The run started before, and may have ended: the stored record.
    Existing(Box<Run>),
}

pub(crate) fn run_key(workspace_id: &WorkspaceId, run_id: &RunId, mode: Mode) -> Item {
    let partition = run_partition(workspace_id, mode);
    key([("pk", &partition), ("sk", run_id.as_str())])
}

pub(crate) fn run_partition(workspace_id: &WorkspaceId, mode: Mode) -> String {
    match mode {
        Mode::Apply => workspace_id.to_string(),
        Mode::Preview => format!("{workspace_id}#preview"),
    }
}

pub(crate) fn run_item(
    workspace_id: &WorkspaceId,
    run: &Run,
    now: Timestamp,
) -> Result<Item, StoreError> {
    let mut item = to_item(run, "run")?;
    item.extend(run_key(workspace_id, &run.run_id, run.mode));
    let kept = match run.mode {
        Mode::Apply => HISTORY,
        Mode::Preview => PREVIEWS,
    };
    expire_at(&mut item, now + kept);
    Ok(item)
}

impl Store {
    /// Records the start of a run, unless it is recorded already.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn begin_run(
        &self,
        workspace_id: &WorkspaceId,
        run: &Run,
        now: Timestamp,
    ) -> Result<RunStart, StoreError> {
        let answer = self
            .db
            .put_item()
            .table_name(&self.tables.runs)
            .set_item(Some(run_item(workspace_id, run, now)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        if if_condition_held("PutItem", answer)?.is_some() {
            return Ok(RunStart::New);
        }
        let existing = self.run(workspace_id, &run.run_id, run.mode).await?;
        existing
            .map(|run| RunStart::Existing(Box::new(run)))
            .ok_or(StoreError::Conflict("the run is gone"))
    }

    /// Returns a run; `None` if there is no such run.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn run(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
        mode: Mode,
    ) -> Result<Option<Run>, StoreError> {
        let key = run_key(workspace_id, run_id, mode);
        self.record(&self.tables.runs, key, "run").await
    }

    /// Returns the newest run of a workspace, under way or ended: the only one whose held deletions
    /// can be answered, besides the entries of days ([`Run::is_day_entry`]), which it leaves out.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn newest_run(&self, workspace_id: &WorkspaceId) -> Result<Option<Run>, StoreError> {
        // Between two runs there is an entry for each day at most.
        let newest = self.runs(workspace_id, None, LOOKED_THROUGH).await?;
        Ok(newest.into_iter().find(|run| !run.is_day_entry()))
    }

    /// Returns the newest preview of a workspace with the settings that were saved then, under way or ended; `None` if
    /// there was none for a week, or none among the last hundred.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn newest_preview(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Option<Run>, StoreError> {
        let previews = self.runs_of(workspace_id, Mode::Preview, None, PREVIEWS_A_DAY);
        let mut previews = previews.await?.into_iter();
        Ok(previews.find(|preview| preview.proposed.is_none()))
    }

    /// Returns at most `limit` runs of a workspace, newest first, of those before the run `before`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn runs(
        &self,
        workspace_id: &WorkspaceId,
        before: Option<&RunId>,
        limit: i32,
    ) -> Result<Vec<Run>, StoreError> {
        self.runs_of(workspace_id, Mode::Apply, before, limit).await
    }

    async fn runs_of(
        &self,
        workspace_id: &WorkspaceId,
        mode: Mode,
        before: Option<&RunId>,
        limit: i32,
    ) -> Result<Vec<Run>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.runs)
            .expression_attribute_values(":workspace", text(run_partition(workspace_id, mode)))
            .scan_index_forward(false)
            .limit(limit);
        let query = match before {
            None => query.key_condition_expression("pk = :workspace"),
            Some(before) => query
                .key_condition_expression("pk = :workspace AND sk < :before")
                .expression_attribute_values(":before", text(before.as_str())),
        };
        // Runs that held many deletions are long: a page of 1 MB may have fewer than `limit`.
        let mut items = query.into_paginator().items().send();
        let most = usize::try_from(limit).unwrap_or_default();
        let mut runs = Vec::new();
        while runs.len() < most
            && let Some(item) = items.next().await
        {
            let item = item.map_err(StoreError::from_sdk("Query"))?;
            runs.extend(readable(&item, "run"));
        }
        Ok(runs)
    }

    /// Returns those of the workspaces that have no run `run_id`, started or ended; a hundred a
    /// request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspaces_without_run(
        &self,
        workspaces: &[WorkspaceId],
        run_id: &RunId,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let keys: Vec<Item> = workspaces
            .iter()
            .map(|id| run_key(id, run_id, Mode::Apply))
            .collect();
        let found = self.batch_get(&self.tables.runs, &keys, Some("pk")).await?;
        let started: HashSet<&str> = found.iter().filter_map(|item| string(item, "pk")).collect();
        let mut without = workspaces.to_vec();
        without.retain(|id| !started.contains(id.as_str()));
        Ok(without)
    }

    /// Removes the seed that the initial passwords of a run were derived from.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn forget_password_seed(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<(), StoreError> {
        self.db
            .update_item()
            .table_name(&self.tables.runs)
            .set_key(Some(run_key(workspace_id, run_id, Mode::Apply)))
            .update_expression("REMOVE password_seed")
            .condition_expression("attribute_exists(pk)")
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }
}
