//! The erasure list: an object per erased person in the bucket of the sync logs, outside the tables that
//! a restore brings back. It has ids only. S3 keeps it as long as the logs, which is longer than any
//! restore goes back.

use domain::erasure::ErasedPerson;
use domain::{CrewId, UserId, WorkspaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::StoreError;
use storage::sync_logs::SyncLogs;

use crate::error::EraseError;

const PREFIX: &str = "erased/";

/// An erased person.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) user_ids: Vec<UserId>,
    pub(crate) crew_ids: Vec<CrewId>,
    pub(crate) erased_at: Timestamp,
}

/// Puts a person on the list. It is the first write of an erasure, so that what is interrupted is found
/// again.
pub(crate) async fn add(
    logs: &SyncLogs,
    workspace_id: &WorkspaceId,
    person: &ErasedPerson,
    now: Timestamp,
) -> Result<(), EraseError> {
    let Some(first) = person.user_ids.first() else {
        return Ok(());
    };
    let entry = Entry {
        workspace_id: workspace_id.clone(),
        user_ids: person.user_ids.iter().cloned().collect(),
        crew_ids: person.crew_ids.iter().cloned().collect(),
        erased_at: now,
    };
    // The time makes the key unique: nothing that is on the list is ever written over.
    let key = format!(
        "{PREFIX}{workspace_id}/{first}.{}.json",
        now.as_millisecond()
    );
    let json = serde_json::to_vec(&entry).map_err(|_| EraseError::Corrupt(key.clone()))?;
    Ok(logs.put(&key, json).await?)
}

/// Returns everybody on the list.
pub(crate) async fn entries(logs: &SyncLogs) -> Result<Vec<Entry>, EraseError> {
    let mut entries = Vec::new();
    for key in logs.keys(PREFIX).await? {
        let json = logs.get(&key).await?;
        let json = json.ok_or(StoreError::Conflict("an entry of the erasure list is gone"))?;
        let entry = serde_json::from_slice(&json).map_err(|_| EraseError::Corrupt(key))?;
        entries.push(entry);
    }
    Ok(entries)
}
