//! Until when somebody who is signed in has to set a second factor up.

use domain::Workspace;
use jiff::Timestamp;
use storage::{Store, StoreError};

use crate::signed_in::SignedIn;

/// Returns the time from which on the user can do nothing else before; `None` if they have a second factor, or need
/// none. Reads second factors only where the workspace asks for one.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn second_factor_due(
    store: &Store,
    signed_in: &SignedIn,
    workspace: &Workspace,
) -> Result<Option<Timestamp>, StoreError> {
    // Nobody enters from the parent company without having given one there.
    if signed_in.has_entered() {
        return Ok(None);
    }
    let user = &signed_in.user;
    let Some(due) = domain::second_factor_due(user, workspace) else {
        return Ok(None);
    };
    let factors = store
        .second_factors(&workspace.workspace_id, &user.user_id)
        .await?;
    Ok(Some(due).filter(|_| !factors.any()))
}
