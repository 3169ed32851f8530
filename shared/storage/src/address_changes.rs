//! Where the pending address of an admin is stored: in a versioned record of the table `sessions`.

use domain::{UserId, WorkspaceId};

/// Returns the name of the record that holds the address which an admin wants for their own account.
pub fn address_change_name(workspace_id: &WorkspaceId, user_id: &UserId) -> String {
    format!("address-change#{workspace_id}#{user_id}")
}
