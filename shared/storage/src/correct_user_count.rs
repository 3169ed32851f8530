//! The number of users that the seats are counted against, put right should it ever be wrong: every
//! addition would be refused for a seat that is free.

use domain::WorkspaceId;

use crate::error::StoreError;
use crate::seats_and_lease::{Lease, seats_and_lease_key};
use crate::store::{Store, number};

/// The number of users as the gate counted it when a lease was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCount {
    /// How many.
    pub users: u32,
    /// Another number means that somebody came or went since.
    pub(crate) moves: u64,
}

impl Store {
    /// Puts the number of users right: `found` are in the table, which `counted` does not say. Does
    /// nothing when somebody came or went since it was counted: a later run looks again.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn correct_user_count(
        &self,
        id: &WorkspaceId,
        lease: &Lease,
        counted: UserCount,
        found: usize,
    ) -> Result<(), StoreError> {
        let unmoved = if counted.moves == 0 {
            "attribute_not_exists(moves)"
        } else {
            "moves = :moves"
        };
        let mut update = self
            .db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(id)))
            .update_expression("SET #users = :found")
            .condition_expression(format!("fence = :fence AND {unmoved}"))
            .expression_attribute_names("#users", "users")
            .expression_attribute_values(":found", number(found))
            .expression_attribute_values(":fence", number(lease.fence));
        if counted.moves > 0 {
            update = update.expression_attribute_values(":moves", number(counted.moves));
        }
        let updated = update.send().await;
        match updated.map_err(StoreError::from_sdk("UpdateItem")) {
            Ok(_) => {
                tracing::warn!(%id, counted = counted.users, found, "the users were miscounted");
                Ok(())
            }
            Err(error) if error.is_condition() => Ok(()),
            Err(error) => Err(error),
        }
    }
}
