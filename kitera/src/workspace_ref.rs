//! WS: the workspace that a command is about.

use domain::{Workspace, WorkspaceId};
use storage::Store;

use crate::error::KiteraError;

/// Returns the id of the workspace that the operator names by its id or its company code. The workspace may be
/// unreadable, and a workspace that is named by its id may be gone.
///
/// # Errors
/// [`KiteraError`] when there is none.
pub(crate) async fn id_of(store: &Store, named: &str) -> Result<WorkspaceId, KiteraError> {
    if is_workspace_id(named) {
        return Ok(WorkspaceId::new(named));
    }
    let owner = store.workspace_of_company_code(named).await?;
    owner.ok_or_else(|| KiteraError::NoSuchWorkspace(named.to_owned()))
}

/// Returns the workspace that the operator names.
///
/// # Errors
/// [`KiteraError`] when there is none.
pub(crate) async fn workspace(store: &Store, named: &str) -> Result<Workspace, KiteraError> {
    let id = id_of(store, named).await?;
    let workspace = store.workspace(&id).await?;
    workspace.ok_or_else(|| KiteraError::NoSuchWorkspace(named.to_owned()))
}

/// Returns whether a text has the form of the ids that `provision` makes.
fn is_workspace_id(text: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let digits = text.strip_prefix("ws_");
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(is_hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_or_longer_id_is_none() {
        let id = "ws_5f0c2a7e9b1d4c38a6e0f1b2c3d4e5f6";
        assert!(is_workspace_id(id));
        for wrong in [
            &id[..34],
            "ws_",
            "",
            "AOZORA",
            &format!("{id}#preview"),
            &id.to_uppercase(),
        ] {
            assert!(!is_workspace_id(wrong), "{wrong}");
        }
    }
}
