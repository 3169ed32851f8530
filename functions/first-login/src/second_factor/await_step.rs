//! What the session of somebody who came in by a password or a mailed link awaits.

use domain::second_factor::second_factor_due;
use domain::{LoginMethod, User, WorkspaceId};
use jiff::Timestamp;
use storage::sessions::SessionStep;
use storage::{Store, StoreError};

/// Returns the step that a new session of `user` awaits: their second factor if they have one, or to set one
/// up if they must have one by now. A mailed link takes the place of the password only.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn awaited_step(
    store: &Store,
    workspace_id: &WorkspaceId,
    user: &User,
    now: Timestamp,
) -> Result<Option<SessionStep>, StoreError> {
    if user.login_method != LoginMethod::Password {
        return Ok(None);
    }
    let factors = store.second_factors(workspace_id, &user.user_id).await?;
    if factors.any() {
        return Ok(Some(SessionStep::SecondFactor));
    }
    if !user.role.may_manage_connection() {
        return Ok(None);
    }
    let workspace = store.workspace_to_show(workspace_id).await?;
    let due = workspace.and_then(|workspace| second_factor_due(user, &workspace));
    Ok(due
        .filter(|due| *due <= now)
        .map(|_| SessionStep::EnrolSecondFactor))
}
