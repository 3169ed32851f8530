//! Lock-out: an admin never takes the last way in from the システム管理者 of a workspace.

use domain::{Role, User};
use storage::transaction::UserWrite;

use crate::accounts::Accounts;
use crate::error::AccountError;

impl Accounts<'_> {
    /// Returns the checks that belong into the transaction that changes `before` into `after`, or deletes it
    /// (`None`): the admin who appoints or dismisses a システム管理者 still is one, and if `before` is a システム管理者
    /// who can sign in and `after` is none, another one who can stays. So two who dismiss each other, or
    /// who both change to SSO, at the same moment do not both succeed.
    ///
    /// # Errors
    /// [`AccountError::LastWayIn`] when there is no other one, [`AccountError::Store`] when DynamoDB does
    /// not answer.
    pub(crate) async fn others_who_stay(
        &self,
        before: &User,
        after: Option<&User>,
    ) -> Result<Vec<UserWrite>, AccountError> {
        let has_role = |user: &User| user.role == Role::SystemAdministrator;
        let has_way_in = |user: &User| user.is_system_administrator_with_password(self.now);
        let mut others = Vec::new();
        if has_role(before) != after.is_some_and(has_role) {
            others.push(UserWrite::as_it_is(self.admin));
        }
        if !has_way_in(before) || after.is_some_and(has_way_in) {
            return Ok(others);
        }
        let is_another = |user: &User| user.user_id != before.user_id && has_way_in(user);
        if is_another(self.admin) {
            return Ok(vec![UserWrite::as_it_is(self.admin)]);
        }
        let users = self.store.users(self.workspace_id).await?;
        let another = users.iter().find(|user| is_another(user));
        others.push(UserWrite::as_it_is(another.ok_or(AccountError::LastWayIn)?));
        Ok(others)
    }
}
