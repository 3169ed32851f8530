//! Changes of one user.

use domain::{CredentialHashChanges, User};

/// A change of one user.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "most are changes; a box for each would cost more"
)]
pub enum UserWrite {
    /// Creates a user.
    Create {
        /// The new user.
        after: User,
        /// The user's first hashes.
        hashes: CredentialHashChanges,
    },
    /// Changes a user, unless somebody else changed them since `before` was read.
    Change {
        /// The user as read.
        before: User,
        /// The user as it is to be, with the next version.
        after: User,
        /// The hashes that change as well.
        hashes: CredentialHashChanges,
    },
    /// Deletes a user, unless somebody else changed them since `before` was read. A copy stays for
    /// 30 days ([`deleted_users`](crate::deleted_users)).
    Delete {
        /// The user as read.
        before: User,
    },
    /// Restores a deleted user with the hashes of the copy, but without their sessions.
    Restore {
        /// The user as it is to be.
        after: User,
    },
}

impl UserWrite {
    /// Returns a write that changes only the version of `user`. The other writes of its transaction
    /// happen only if nobody changed this user since it was read.
    pub fn as_it_is(user: &User) -> Self {
        let mut after = user.clone();
        after.version += 1;
        Self::Change {
            before: user.clone(),
            after,
            hashes: CredentialHashChanges::default(),
        }
    }

    pub(super) fn before(&self) -> Option<&User> {
        match self {
            Self::Create { .. } | Self::Restore { .. } => None,
            Self::Change { before, .. } | Self::Delete { before } => Some(before),
        }
    }

    pub(super) fn after(&self) -> Option<&User> {
        match self {
            Self::Create { after, .. } | Self::Change { after, .. } | Self::Restore { after } => {
                Some(after)
            }
            Self::Delete { .. } => None,
        }
    }
}
