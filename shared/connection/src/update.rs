//! Changes of the connection's record, decided again when somebody else was faster.

use domain::Connection;
use domain::WorkspaceId;
use storage::StoreError;

use crate::connections::Connections;

/// How often a change is decided before giving up.
pub(crate) const ATTEMPTS: u32 = 5;

impl Connections {
    /// Lets `decide` change the record, writes it if it changed, and gives what `decide` gave; `None`
    /// when the workspace has no record. `decide` is asked again on a newer record when somebody
    /// else wrote in between.
    ///
    /// # Errors
    /// Those of `decide`, and [`StoreError`].
    pub(crate) async fn update<T, E: From<StoreError>>(
        &self,
        workspace_id: &WorkspaceId,
        mut decide: impl FnMut(&mut Connection) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let Some(before) = self.store.connection(workspace_id).await? else {
                return Ok(None);
            };
            let mut after = before.clone();
            let given = decide(&mut after)?;
            if after == before {
                return Ok(Some(given));
            }
            match self.store.put_connection(workspace_id, &mut after).await {
                Ok(()) => return Ok(Some(given)),
                Err(StoreError::Conflict(_)) if attempt < ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
