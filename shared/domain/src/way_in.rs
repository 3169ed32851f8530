//! The way in: no edit of users, settings or SmartHR leaves a workspace without a システム管理者 who can sign
//! in by a password.
//!
//! The last システム管理者 with a password is neither deleted nor changed to SSO; that fails instead. An initial
//! password, no password, and an open invitation count only when there is nobody better. SSO and 個別設定 are saved
//! only while somebody stays whom no run can move: an emergency account (緊急用アカウント), or one whose account is not
//! in SmartHR.

use jiff::Timestamp;

use crate::{Settings, TenantId, User};

/// Nobody else would be left who can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NobodyElse {
    /// No other システム管理者 can sign in by a password.
    WithPassword,
    /// The settings ask for SSO, and no other システム管理者 stays with a password whatever they say.
    Lasting,
}

/// Returns whether `user` is a システム管理者 with a password of their own that no run takes from them: the
/// settings ask for no SSO, the user is an emergency account, or no crew of the company is theirs.
pub fn has_lasting_way_in(user: &User, sync: Option<(&TenantId, &Settings)>) -> bool {
    let may_be_moved = sync
        .is_some_and(|(tenant, settings)| settings.needs_sso() && user.crew_in(tenant).is_some());
    user.is_system_administrator_with_own_password() && (user.is_emergency_account || !may_be_moved)
}

/// Returns another of `users` who lets people in when `before` becomes `after`, or is deleted (`None`);
/// `Ok(None)` when nobody else is needed.
///
/// # Errors
/// [`NobodyElse`] when `before` is the last one.
pub fn another_way_in<'a>(
    users: &'a [User],
    before: &User,
    after: Option<&User>,
    sync: Option<(&TenantId, &Settings)>,
    now: Timestamp,
) -> Result<Option<&'a User>, NobodyElse> {
    let lasting = |user: &User| has_lasting_way_in(user, sync);
    let own = User::is_system_administrator_with_own_password;
    let with_any = |user: &User| user.is_system_administrator_with_password(now);
    let is_lost = |counts: &dyn Fn(&User) -> bool| counts(before) && !after.is_some_and(counts);
    let another = |counts: &dyn Fn(&User) -> bool| {
        users
            .iter()
            .find(|user| user.user_id != before.user_id && counts(user))
    };
    if is_lost(&lasting) {
        let nobody = if is_lost(&own) && another(&own).is_none() {
            NobodyElse::WithPassword
        } else {
            NobodyElse::Lasting
        };
        return another(&lasting).map(Some).ok_or(nobody);
    }
    let ranks: [&dyn Fn(&User) -> bool; 2] = [&own, &with_any];
    let lost = ranks.into_iter().find(|counts| is_lost(*counts));
    lost.map(|counts| another(counts).ok_or(NobodyElse::WithPassword))
        .transpose()
}
