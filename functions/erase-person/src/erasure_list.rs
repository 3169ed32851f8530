//! The erasure list: an object per erased person in the bucket of the sync logs, outside the tables that a restore
//! brings back. It has ids only, and until the person's logs are done how far they are. S3 keeps it as long as the
//! logs, which is longer than any restore goes back.

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
    #[serde(default)]
    logs: LogsDone,
}

/// The logs from which a person is erased.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LogsDone {
    /// An earlier version did not note it.
    #[default]
    Unknown,
    /// Those up to this key, in the order of keys.
    Until {
        key: String,
        /// The person's fingerprint as they were searched for.
        person: String,
    },
    /// All.
    All,
}

/// An entry of the list, and where it is.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) key: String,
    pub(crate) entry: Entry,
}

impl Listed {
    /// Returns whether the person is erased from all logs.
    pub(crate) fn has_all_logs(&self) -> bool {
        matches!(self.entry.logs, LogsDone::All)
    }

    /// Returns the key of the last log from which this person, known by the same as now, is erased; empty if there is
    /// none.
    pub(crate) fn logs_until(&self, person: &ErasedPerson) -> &str {
        match &self.entry.logs {
            LogsDone::Until { key, person: known } if *known == person.fingerprint() => key,
            _ => "",
        }
    }

    /// Notes that the person is erased from the logs up to this key.
    pub(crate) async fn note_logs_until(
        &mut self,
        logs: &SyncLogs,
        person: &ErasedPerson,
        key: &str,
    ) -> Result<(), EraseError> {
        self.entry.logs = LogsDone::Until {
            key: key.to_owned(),
            person: person.fingerprint(),
        };
        self.write(logs).await
    }

    /// Notes that the person is erased from all logs.
    pub(crate) async fn note_all_logs(&mut self, logs: &SyncLogs) -> Result<(), EraseError> {
        self.entry.logs = LogsDone::All;
        self.write(logs).await
    }

    async fn write(&self, logs: &SyncLogs) -> Result<(), EraseError> {
        let json = serde_json::to_vec(&self.entry);
        let json = json.map_err(|_| EraseError::Corrupt(self.key.clone()))?;
        Ok(logs.put(&self.key, json).await?)
    }
}

/// Puts a person on the list, unless an erasure of theirs was begun and is not finished. It is the first write of an
/// erasure, so that what is interrupted is found again.
pub(crate) async fn begin(
    logs: &SyncLogs,
    workspace_id: &WorkspaceId,
    person: &ErasedPerson,
    now: Timestamp,
) -> Result<Listed, EraseError> {
    // Empty for somebody of whom no user is known.
    let first = person.user_ids.first().map_or("", UserId::as_str);
    let of_person = format!("{PREFIX}{workspace_id}/{first}.");
    let fingerprint = person.fingerprint();
    for listed in read(logs, &of_person, "").await? {
        if matches!(&listed.entry.logs, LogsDone::Until { person, .. } if *person == fingerprint) {
            return Ok(listed);
        }
    }
    let listed = Listed {
        // The time makes the key unique: no ids that are on the list are ever written over.
        key: format!("{of_person}{}.json", now.as_millisecond()),
        entry: Entry {
            workspace_id: workspace_id.clone(),
            user_ids: person.user_ids.iter().cloned().collect(),
            crew_ids: person.crew_ids.iter().cloned().collect(),
            erased_at: now,
            logs: LogsDone::Until {
                key: String::new(),
                person: fingerprint,
            },
        },
    };
    listed.write(logs).await?;
    Ok(listed)
}

/// Returns those on the list who had a user, in the order of their keys, and only those after the key `after`.
pub(crate) async fn entries(logs: &SyncLogs, after: &str) -> Result<Vec<Listed>, EraseError> {
    let mut listed = read(logs, PREFIX, after).await?;
    listed.retain(|listed| !listed.entry.user_ids.is_empty());
    Ok(listed)
}

async fn read(logs: &SyncLogs, prefix: &str, after: &str) -> Result<Vec<Listed>, EraseError> {
    let mut read = Vec::new();
    for key in logs.keys(prefix).await? {
        if *key <= *after {
            continue;
        }
        let json = logs.get(&key).await?;
        let json = json.ok_or(StoreError::Conflict("an entry of the erasure list is gone"))?;
        let entry = serde_json::from_slice(&json).map_err(|_| EraseError::Corrupt(key.clone()))?;
        read.push(Listed { key, entry });
    }
    Ok(read)
}
