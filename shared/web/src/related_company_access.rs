//! Whether somebody of a parent company may enter a workspace of its 関連企業. It is asked at every request, so that an
//! entry that is removed ends the session.
//!
//! People of the parent company are no users of the child: they take no seat there, the sync meets no record of theirs,
//! and their secrets stay at home. The contract names the parent (`provision`), and the child's システム管理者 lists
//! addresses.

use domain::{User, Workspace, WorkspaceId, second_factor_due};
use storage::second_factors::SecondFactors;
use storage::{Store, StoreError};

use crate::signed_in::SignedIn;

/// Whether a user of the parent company may enter.
#[derive(Debug)]
pub enum RelatedCompanyAccess {
    /// They may.
    Allowed {
        /// The user as they are in the workspace that they enter.
        user: Box<User>,
        /// The workspace that they enter.
        workspace: Box<Workspace>,
    },
    /// They may once they have a second factor, which the workspace asks of its admins, and have given it in this
    /// session.
    NeedsSecondFactor {
        /// The user as they would be in the workspace.
        user: Box<User>,
        /// The workspace.
        workspace: Box<Workspace>,
    },
    /// They may not, or there is no such workspace.
    Refused,
}

impl RelatedCompanyAccess {
    /// Returns whether the user `at_home`, in the workspace whose user they are, may enter the workspace `entered`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn of(
        store: &Store,
        at_home: &SignedIn,
        entered: &WorkspaceId,
    ) -> Result<Self, StoreError> {
        let Some(workspace) = store.workspace_to_show(entered).await? else {
            return Ok(Self::Refused);
        };
        let home = &at_home.workspace_id;
        let Some(user) = workspace.entering_user(home, &at_home.user) else {
            return Ok(Self::Refused);
        };
        let needs_one = second_factor_due(&user, &workspace).is_some()
            && !has_given_one(at_home, &store.second_factors(home, &user.user_id).await?);
        let (user, workspace) = (Box::new(user), Box::new(workspace));
        Ok(if needs_one {
            Self::NeedsSecondFactor { user, workspace }
        } else {
            Self::Allowed { user, workspace }
        })
    }
}

/// Returns whether the person proved who they are since they have a second factor: no proof goes without it from then
/// on.
fn has_given_one(at_home: &SignedIn, factors: &SecondFactors) -> bool {
    let totp = factors.totp.iter().map(|it| it.added_at);
    let passkeys = factors.passkeys.iter().map(|it| it.added_at);
    let since = totp.chain(passkeys).min();
    since.is_some_and(|since| since <= at_home.session.last_confirmed_at())
}
