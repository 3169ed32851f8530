//! A change that an admin makes to the workspace's record.

use domain::audit::changes_of_workspace;
use domain::{AuditAction, AuditEvent, Workspace};
use web::{Problem, SignedIn};

use crate::app::App;

/// Saves the workspace as `after`, with what changed in the audit trail; does nothing where nothing did.
///
/// # Errors
/// The 409 when somebody else changed the workspace at the same moment.
pub(crate) async fn save_workspace(
    app: &App,
    admin: &SignedIn,
    before: &Workspace,
    after: &Workspace,
    action: AuditAction,
) -> Result<(), Problem> {
    if after == before {
        return Ok(());
    }
    let event = AuditEvent::new(&admin.author(), action, app.now())
        .with_changes(changes_of_workspace(Some(before), after));
    app.store().change_workspace(before, after, &event).await?;
    Ok(())
}
