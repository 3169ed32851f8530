//! Erases a person from the sync logs: several at the same time, as long as there is time. After each few it is noted
//! how far they are, so that the next invocation goes on there.

use domain::WorkspaceId;
use domain::erasure::ErasedPerson;
use futures_util::future::try_join_all;
use storage::sync_logs::SyncLogs;
use tokio::time::Instant;

use crate::erasure_list::Listed;
use crate::error::EraseError;

/// How many logs are read at the same time. Those of a company of 100,000 take 40 MB each, in the function's 1024 MB.
pub(crate) const AT_ONCE: usize = 16;

/// What was found in the logs.
pub(crate) struct FoundInLogs {
    /// The number of lines that said something about the person.
    pub(crate) lines: usize,
    /// The number of logs for which there was no time.
    pub(crate) unread: usize,
}

/// Erases the person from the logs of runs and previews, of which those that were done before are left out, until this
/// time. Without an entry of the erasure list the lines are only counted.
///
/// # Errors
/// [`EraseError`] when S3 does not answer, or a log cannot be read.
pub(crate) async fn erase_from_logs(
    logs: &SyncLogs,
    workspace_id: &WorkspaceId,
    person: &ErasedPerson,
    mut listed: Option<&mut Listed>,
    until: Instant,
) -> Result<FoundInLogs, EraseError> {
    let mut keys = logs.keys(&format!("{workspace_id}/")).await?;
    keys.extend(logs.keys(&format!("previews/{workspace_id}/")).await?);
    keys.sort_unstable();
    if let Some(listed) = &listed {
        let done = listed.logs_until(person);
        keys.retain(|key| **key > *done);
    }
    let mut found = FoundInLogs {
        lines: 0,
        unread: keys.len(),
    };
    for some in keys.chunks(AT_ONCE) {
        if Instant::now() >= until {
            return Ok(found);
        }
        let write = listed.is_some();
        let erased = some
            .iter()
            .map(|key| erase_from_log(logs, key, person, write));
        found.lines += try_join_all(erased).await?.into_iter().sum::<usize>();
        found.unread -= some.len();
        if let (Some(listed), Some(last)) = (&mut listed, some.last()) {
            listed.note_logs_until(logs, person, last).await?;
        }
    }
    Ok(found)
}

/// Erases the person from one log, or only counts. Returns the number of lines that said something about them.
async fn erase_from_log(
    logs: &SyncLogs,
    key: &str,
    person: &ErasedPerson,
    write: bool,
) -> Result<usize, EraseError> {
    // None: it expired meanwhile.
    let Some(log) = logs.get(key).await? else {
        return Ok(0);
    };
    let (log, lines) = mail::without_person(&log, person)?;
    if write && lines > 0 {
        logs.put(key, log).await?;
    }
    Ok(lines)
}
