//! The workspaces that a person is signed in to in one browser. They switch between them without signing in again; each
//! request acts in one of them.
//!
//! Switching replaces the secrets of the session, so that forms of the workspace that was left do nothing in the other
//! one. Signing out ends all of it.

use axum::http::HeaderMap;
use domain::{EmailAddress, User, Workspace, WorkspaceId};
use jiff::Timestamp;
use storage::sessions::{EnteredFrom, OtherSignIn, Session};
use storage::{Store, StoreError};

use crate::signed_in::{SignedIn, session_times};

/// The most other workspaces that a browser keeps.
const MOST: usize = 9;

/// Returns the sign-ins that a browser keeps in which `user` signs in to `workspace_id`: those of its present session,
/// if they are of the same address. Otherwise another person used the browser before, and their sign-ins end.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn other_sign_ins(
    store: &Store,
    headers: &HeaderMap,
    (workspace_id, user): (&WorkspaceId, &User),
    now: Timestamp,
) -> Result<Vec<OtherSignIn>, StoreError> {
    let Some(former) = SignedIn::find_at_home(store, headers, now).await? else {
        return Ok(Vec::new());
    };
    let address = |user: &User| user.email.as_ref().map(EmailAddress::key);
    if user.email.is_none() || address(user) != address(&former.user) {
        return Ok(Vec::new());
    }
    let name = match store.workspace_to_show(&former.workspace_id).await? {
        Some(workspace) => workspace.name,
        None => String::new(),
    };
    let left = Some(own_sign_in(&former.session, &name)).filter(|_| former.has_full_access());
    let all = left.into_iter().chain(former.session.others);
    let others = all.filter(|other| other.workspace_id != *workspace_id);
    Ok(others.take(MOST).collect())
}

/// Returns the session in which the person acts in `entered`, whose parent company's workspace is `home`.
pub fn entering(session: Session, home: &Workspace, entered: &Workspace) -> Session {
    Session {
        workspace_id: entered.workspace_id.clone(),
        entered_from: Some(EnteredFrom {
            workspace_id: home.workspace_id.clone(),
            workspace_name: home.name.clone(),
        }),
        ..session
    }
}

/// Returns the session in which the person acts in another workspace that they are signed in to, coming from the one of
/// the name `left`; `None` if they are not signed in there. Somebody who entered from a parent company goes back there
/// by it.
pub fn switched(session: &Session, to: &WorkspaceId, left: &str) -> Option<Session> {
    if session.entered_from.is_some() && session.home() == to {
        return Some(Session {
            workspace_id: to.clone(),
            entered_from: None,
            ..session.clone()
        });
    }
    let target = session.others.iter().find(|it| it.workspace_id == *to)?;
    let others = session.others.iter().filter(|it| *it != target);
    let own = own_sign_in(session, left);
    Some(Session {
        workspace_id: target.workspace_id.clone(),
        user_id: target.user_id.clone(),
        entered_from: None,
        created_at: target.created_at,
        confirmed_at: target.confirmed_at,
        epoch: target.epoch,
        ends_by: target.ends_by,
        others: std::iter::once(own).chain(others.cloned()).collect(),
        ..session.clone()
    })
}

/// Returns whether the sign-in that a session acts for has not ended.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn has_not_ended(
    store: &Store,
    session: &Session,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found = store.user_with_hashes(session.home(), &session.user_id);
    let found = found.await?;
    Ok(session_times(session).is_alive(now)
        && found.is_some_and(|(_, hashes)| hashes.session_epoch == session.epoch))
}

/// Returns the sign-in of the workspace whose user the person is, which has the name `name`, unless they entered from
/// it.
fn own_sign_in(session: &Session, name: &str) -> OtherSignIn {
    let from = session.entered_from.as_ref();
    OtherSignIn {
        workspace_id: session.home().clone(),
        workspace_name: from.map_or(name, |from| &from.workspace_name).to_owned(),
        user_id: session.user_id.clone(),
        created_at: session.created_at,
        confirmed_at: session.confirmed_at,
        epoch: session.epoch,
        ends_by: session.ends_by,
    }
}
