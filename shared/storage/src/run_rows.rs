//! The rows of each step of a run: items of their own beside the run (`pk` = "workspace id#run id"),
//! written with the step, until the run ends and its log is in S3.

use domain::report::Row;
use domain::{RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::commit::{Step, invalid_request};
use crate::error::StoreError;
use crate::runs::ends_after;
use crate::store::{Item, Store, from_item, text, to_item};

/// How long the rows of a run that did not end wait for one that ends it. Of runs that ended they are
/// in the log, and here nobody needs them.
const ROWS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The rows of one step.
#[derive(Clone, Debug)]
pub struct RunRows {
    /// Which run.
    pub run_id: RunId,
    /// Unique within the run: the fence and how many people were done before.
    pub part: String,
    /// What happened.
    pub rows: Vec<Row>,
}

/// What the steps of a run did, as far as it can be read.
#[derive(Debug)]
pub struct StepRows {
    /// In the order of the steps.
    pub rows: Vec<Row>,
    /// Why those of a step are missing, if so.
    pub missing: Option<StoreError>,
}

impl StepRows {
    /// The rows, when none are missing.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn whole(self) -> Result<Vec<Row>, StoreError> {
        match self.missing {
            None => Ok(self.rows),
            Some(error) => Err(error),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredRows {
    rows: String,
}

fn rows_partition(workspace_id: &WorkspaceId, run_id: &RunId) -> String {
    format!("{workspace_id}#{run_id}")
}

pub(crate) fn rows_item(
    workspace_id: &WorkspaceId,
    step: &Step<'_>,
    now: Timestamp,
) -> Result<Item, StoreError> {
    let rows = serde_json::to_string(&step.rows.rows).map_err(invalid_request)?;
    let mut item = to_item(&StoredRows { rows }, "rows")?;
    item.insert(
        "pk".into(),
        text(rows_partition(workspace_id, &step.rows.run_id)),
    );
    item.insert("sk".into(), text(format!("rows#{}", step.rows.part)));
    ends_after(&mut item, now, ROWS);
    Ok(item)
}

impl Store {
    /// What the steps of a run did so far, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn rows(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<StepRows, StoreError> {
        let mut pages = self
            .db
            .query()
            .table_name(&self.tables.runs)
            .consistent_read(true)
            .key_condition_expression("pk = :run")
            .expression_attribute_values(":run", text(rows_partition(workspace_id, run_id)))
            .into_paginator()
            .send();
        let mut read = StepRows {
            rows: Vec::new(),
            missing: None,
        };
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            for item in page.items.unwrap_or_default() {
                match step_rows(item) {
                    Ok(step) => read.rows.extend(step),
                    Err(error) => read.missing = Some(error),
                }
            }
        }
        Ok(read)
    }
}

fn step_rows(item: Item) -> Result<Vec<Row>, StoreError> {
    let stored: StoredRows = from_item(item, "rows")?;
    serde_json::from_str(&stored.rows).map_err(StoreError::corrupt("rows"))
}
