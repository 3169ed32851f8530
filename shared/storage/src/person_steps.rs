//! How far immediate runs have come with the people whom they looked at last, in the table `webhooks`: one item a workspace.
//!
//! `pk` = workspace id, `sk` = "steps"; `people` = a list of [`PersonSteps`], those of the newest batch last. It is written
//! under the workspace's lease, and for the screen only. `ttl` ends the item after a day.

use domain::time::later;
use domain::{PersonSteps, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Item, Store, expire_at, key, to_item};

/// The most people who are kept.
const MOST: usize = 100;

const KEPT: SignedDuration = SignedDuration::from_hours(24);

#[derive(Default, Serialize, Deserialize)]
struct Steps {
    people: Vec<PersonSteps>,
}

fn steps_key(workspace_id: &WorkspaceId) -> Item {
    key([("pk", workspace_id.as_str()), ("sk", "steps")])
}

impl Store {
    /// Returns how far immediate runs have come with the people whom they looked at last, at most a hundred.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn person_steps(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Vec<PersonSteps>, StoreError> {
        let key = steps_key(workspace_id);
        let steps = self.record::<Steps>(&self.tables.webhooks, key, "steps");
        Ok(steps.await?.unwrap_or_default().people)
    }

    /// Stores these steps in place of earlier ones of the same people, and keeps those of others in `before`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_person_steps(
        &self,
        workspace_id: &WorkspaceId,
        before: &[PersonSteps],
        steps: &[PersonSteps],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let is_other = |one: &&PersonSteps| steps.iter().all(|new| new.crew_id != one.crew_id);
        let others = before.iter().filter(is_other);
        let mut people: Vec<PersonSteps> = others.chain(steps).cloned().collect();
        people.drain(..people.len().saturating_sub(MOST));
        let mut item = to_item(&Steps { people }, "steps")?;
        item.extend(steps_key(workspace_id));
        expire_at(&mut item, later(now, KEPT));
        self.put(&self.tables.webhooks, item).await
    }
}
