//! The rows of the log, one item per step of a run, in the table `runs`. They are written with the
//! step, and read when the run ends and its log goes to S3.
//!
//! `pk` = workspace id, "#" and run id; `sk` = "rows#", the fence, "#" and the number of people done
//! before, each with eight digits; `rows` = the step's rows as JSON. `ttl` ends the item after 30 days.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::report::Row;
use domain::{RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::error::StoreError;
use crate::seats_and_lease::Lease;
use crate::store::{Item, Store, expire_at, from_item, key, query_items, string, text};
use crate::transaction::{Step, put};

/// How long rows are kept for a run that crashed to be ended by a later one.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The rows of all steps of a run, as far as they can be read.
#[derive(Debug, Default)]
pub struct StepRows {
    /// The rows in the order of the steps.
    pub rows: Vec<Row>,
    /// Why the rows of a step could not be read; `None` if no rows are missing.
    pub missing: Option<StoreError>,
}

impl StepRows {
    fn of(items: impl IntoIterator<Item = Item>) -> Self {
        let mut read = Self::default();
        for item in items {
            match rows_of_step(item) {
                Ok(rows) => read.rows.extend(rows),
                Err(error) => read.missing = Some(error),
            }
        }
        read
    }

    /// Returns the rows if none are missing.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when rows are missing.
    pub fn whole(self) -> Result<Vec<Row>, StoreError> {
        match self.missing {
            None => Ok(self.rows),
            Some(error) => Err(error),
        }
    }
}

fn rows_partition(workspace_id: &WorkspaceId, run_id: &RunId) -> String {
    format!("{workspace_id}#{run_id}")
}

impl Store {
    pub(crate) fn rows_item(
        &self,
        workspace_id: &WorkspaceId,
        step: &Step<'_>,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        let rows = serde_json::to_string(&step.rows).map_err(StoreError::invalid_request)?;
        let partition = rows_partition(workspace_id, &step.lease.run_id);
        // Unique, because under one lease no two steps begin after the same number of people.
        let step_id = format!("rows#{:08}#{:08}", step.lease.fence, step.people_before);
        let mut item = key([("pk", &partition), ("sk", &step_id)]);
        item.insert("rows".into(), text(rows));
        expire_at(&mut item, now + KEPT);
        put(Put::builder()
            .table_name(&self.tables.runs)
            .set_item(Some(item)))
    }

    /// Returns the rows that the steps of a run have written so far.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn rows(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<StepRows, StoreError> {
        let items = self.items_of_rows(workspace_id, run_id).await?;
        Ok(StepRows::of(items))
    }

    /// Returns the rows that the steps of a run wrote under this lease.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn rows_under(
        &self,
        workspace_id: &WorkspaceId,
        lease: &Lease,
    ) -> Result<StepRows, StoreError> {
        let items = self.items_of_rows(workspace_id, &lease.run_id).await?;
        let prefix = format!("rows#{:08}#", lease.fence);
        let is_own = |item: &Item| string(item, "sk").is_some_and(|id| id.starts_with(&prefix));
        Ok(StepRows::of(items.into_iter().filter(is_own)))
    }

    /// Returns the items of a run's steps.
    pub(crate) async fn items_of_rows(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<Vec<Item>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.runs)
            .consistent_read(true)
            .key_condition_expression("pk = :run")
            .expression_attribute_values(":run", text(rows_partition(workspace_id, run_id)));
        query_items(query).await
    }
}

fn rows_of_step(item: Item) -> Result<Vec<Row>, StoreError> {
    #[derive(Deserialize)]
    struct Stored {
        rows: String,
    }
    let stored: Stored = from_item(item, "rows")?;
    serde_json::from_str(&stored.rows).map_err(StoreError::corrupt("rows"))
}
