//! Lock-out: an admin never takes the last way in from the システム管理者 of a workspace.

use std::slice;

use domain::way_in::{NobodyElse, another_way_in};
use domain::{Connection, Role, User};
use storage::transaction::UserWrite;

use crate::accounts::Accounts;
use crate::error::AccountError;

impl From<NobodyElse> for AccountError {
    fn from(nobody: NobodyElse) -> Self {
        match nobody {
            NobodyElse::WithPassword => Self::LastWayIn,
            NobodyElse::Lasting => Self::LastLastingWayIn,
        }
    }
}

impl Accounts<'_> {
    /// Returns the checks that belong into the transaction that changes `before` into `after`, or deletes it
    /// (`None`): the admin who appoints or dismisses a システム管理者 still is one, and if `before` is a システム管理者
    /// who can sign in and `after` is none, another one who can stays. So two who dismiss each other, or
    /// who both change to SSO, at the same moment do not both succeed.
    ///
    /// # Errors
    /// [`AccountError::LastWayIn`] or [`AccountError::LastLastingWayIn`] when there is no other one,
    /// [`AccountError::Store`] when DynamoDB does not answer.
    pub(crate) async fn others_who_stay(
        &self,
        before: &User,
        after: Option<&User>,
    ) -> Result<Vec<UserWrite>, AccountError> {
        let has_role = |user: &User| user.role == Role::SystemAdministrator;
        let mut others = Vec::new();
        if has_role(before) != after.is_some_and(has_role) {
            others.push(UserWrite::as_it_is(self.admin));
        }
        if !before.is_system_administrator_with_password(self.now) {
            return Ok(others);
        }
        let connection = self.store.connection(self.workspace_id).await?;
        let sync = connection.as_ref().and_then(Connection::sync);
        match another_way_in(slice::from_ref(self.admin), before, after, sync, self.now) {
            Ok(None) => return Ok(others),
            Ok(Some(admin)) => return Ok(vec![UserWrite::as_it_is(admin)]),
            Err(_) => {}
        }
        let admins = self.store.admins(self.workspace_id).await?;
        let another = another_way_in(&admins, before, after, sync, self.now)?;
        others.extend(another.map(UserWrite::as_it_is));
        Ok(others)
    }
}
