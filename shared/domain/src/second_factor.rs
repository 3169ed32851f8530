//! Second factors: who has to have one, from when on, and what is told to its person.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::time::later;
use crate::{LoginMethod, User, Workspace};

/// How long somebody who has to set a second factor up may go on without.
const GRACE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What happened to somebody's second factors, as they are told by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorNotice {
    /// An authenticator app was added.
    TotpAdded,
    /// The authenticator app was removed.
    TotpRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A recovery code was used to sign in.
    RecoveryCodeUsed,
    /// A システム管理者 removed all second factors.
    RemovedByAdministrator,
    /// The support removed all second factors.
    RemovedByOperator,
}

/// Returns the time from which on `user` must have a second factor; `None` if they need none. That is 14
/// days after the workspace began to ask for it, or after they came in as an admin, whichever is later. SSO
/// people have their identity provider's.
pub fn second_factor_due(user: &User, workspace: &Workspace) -> Option<Timestamp> {
    let asked = workspace.second_factor_required_since?;
    if user.login_method != LoginMethod::Password || !user.role.may_manage_connection() {
        return None;
    }
    let since = user.admin_since.map_or(asked, |since| since.max(asked));
    Some(later(since, GRACE))
}
