//! Lock-out: after any plan at least one システム管理者 can sign in by a way that exists in this product,
//! which is a password. The manual warns that SSO for everybody can lock everybody out; here it cannot.

use super::candidate::Candidate;
use crate::{Failure, LoginMethod, PlanInput, Role, User};

/// Leaves the login method of emergency accounts as it is, whatever SmartHR and the settings say.
pub(crate) fn keep_emergency_accounts(candidates: &mut [Candidate<'_>]) {
    for candidate in candidates {
        if let Some(user) = candidate.user
            && user.is_emergency_account
        {
            candidate.login_method = user.login_method;
        }
    }
}

/// Lets the last システム管理者 who has a password keep it, and fails their change to SSO. `is_deleted` says
/// which users the plan deletes.
///
/// Returns a システム管理者 who stays and can sign in, if another one leaves or changes to SSO: both are
/// valid only as long as this user is as it was read.
pub(crate) fn keep_a_way_in<'a>(
    candidates: &mut [Candidate<'a>],
    input: &PlanInput<'a>,
    is_deleted: impl Fn(&User) -> bool,
) -> Option<&'a User> {
    let own = User::is_system_administrator_with_own_password;
    // An initial password expires: it counts only while nobody has a better one.
    let somebody_chose = input.users.iter().any(own);
    let has_way_in = |user: &User| {
        own(user) || !somebody_chose && user.is_system_administrator_with_password(input.now)
    };
    let mut moving: Vec<_> = candidates
        .iter_mut()
        .filter(|candidate| candidate.login_method == LoginMethod::Sso)
        .filter(|candidate| candidate.user_to_sync().is_some_and(has_way_in))
        .collect();
    let is_moving = |user: &User| {
        let mut users = moving.iter().filter_map(|candidate| candidate.user);
        users.any(|moving| moving.user_id == user.user_id)
    };
    let is_administrator = |user: &User| user.role == Role::SystemAdministrator;
    if moving.is_empty()
        && !input
            .users
            .iter()
            .any(|it| is_administrator(it) && is_deleted(it))
    {
        return None;
    }
    let stays = |user: &&User| has_way_in(user) && !is_deleted(user) && !is_moving(user);
    input.users.iter().find(stays).or_else(|| {
        let last = moving.pop()?;
        let user = last.user;
        last.fail(Failure::LastWayIn);
        user
    })
}
