//! An import as it is stored.

use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::StoreError;

use super::{ImportProgress, UserImport};
use crate::accounts::Accounts;
use crate::error::AccountError;

impl Accounts<'_> {
    /// Returns an import of the workspace and how far it has come.
    ///
    /// # Errors
    /// [`AccountError::UnknownImport`] when there is none, or an hour has passed.
    pub async fn find_import(
        &self,
        import_id: &str,
    ) -> Result<(UserImport, ImportProgress), AccountError> {
        let stored = self
            .store
            .user_import(self.workspace_id, import_id, self.now)
            .await?;
        let stored = stored.ok_or(AccountError::UnknownImport)?;
        let progress = stored.progress.as_deref().map(from_json).transpose()?;
        Ok((from_json(&stored.content)?, progress.unwrap_or_default()))
    }
}

/// Returns what is stored of a value.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, AccountError> {
    Ok(serde_json::to_string(value).map_err(|_| corrupt())?)
}

fn from_json<T: DeserializeOwned>(stored: &str) -> Result<T, AccountError> {
    Ok(serde_json::from_str(stored).map_err(|_| corrupt())?)
}

fn corrupt() -> StoreError {
    StoreError::Corrupt {
        what: "user import",
        why: "its shape is not the one that this version writes".to_owned(),
    }
}
