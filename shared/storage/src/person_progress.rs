//! How far immediate runs have come with the people whom they looked at last, in the table `webhooks`: one item a
//! workspace.
//!
//! `pk` = workspace id, `sk` = "steps"; `people` = a list of [`PersonProgress`], those of the newest batch last. It is
//! written under the workspace's lease, and for the screen only. `ttl` ends the item after a day.

use domain::time::later;
use domain::{PersonProgress, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Item, Store, expire_at, key, to_item};

/// The most people who are kept.
const MOST: usize = 100;

const KEPT: SignedDuration = SignedDuration::from_hours(24);

#[derive(Default, Serialize, Deserialize)]
struct Progress {
    people: Vec<PersonProgress>,
}

fn progress_key(workspace_id: &WorkspaceId) -> Item {
    key([("pk", workspace_id.as_str()), ("sk", "steps")])
}

impl Store {
    /// Returns how far immediate runs have come with the people whom they looked at last, at most a hundred.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn person_progress(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Vec<PersonProgress>, StoreError> {
        let key = progress_key(workspace_id);
        let progress = self.record::<Progress>(&self.tables.webhooks, key, "progress");
        Ok(progress.await?.unwrap_or_default().people)
    }

    /// Stores this `progress` in place of earlier progress of the same people, and keeps that of others in `before`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_person_progress(
        &self,
        workspace_id: &WorkspaceId,
        before: &[PersonProgress],
        progress: &[PersonProgress],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let is_other =
            |one: &&PersonProgress| progress.iter().all(|new| new.crew_id != one.crew_id);
        let others = before.iter().filter(is_other);
        let mut people: Vec<PersonProgress> = others.chain(progress).cloned().collect();
        people.drain(..people.len().saturating_sub(MOST));
        let mut item = to_item(&Progress { people }, "progress")?;
        item.extend(progress_key(workspace_id));
        expire_at(&mut item, later(now, KEPT));
        self.put(&self.tables.webhooks, item).await
    }
}
