//! The table of what happens to one person (design notes: "What happens to a person").

use jiff::Timestamp;

use crate::employee::Employee;
use crate::ids::TenantId;
use crate::login_method::LoginMethod;
use crate::plan::{Alteration, Change, FirstLogin};
use crate::user::{Credential, Status, User};
use crate::wanted::Wanted;

/// Decides what happens to a person in scope who is to have the data `wanted`; `None` when
/// nothing does.
pub(crate) fn decide<'a>(
    employee: &'a Employee,
    user: Option<&'a User>,
    wanted: Wanted<'_>,
    tenant: &TenantId,
    now: Timestamp,
) -> Option<Change<'a>> {
    let Some(user) = user else {
        return Some(Change::Add {
            employee,
            fields: wanted.to_fields(),
            first_login: wanted.first_login(),
        });
    };
    let differs = !wanted.is_of(user) || user.crew_in(tenant) != Some(&employee.crew_id);
    let (alteration, first_login) = alteration(user, wanted, differs, now)?;
    Some(Change::Alter {
        employee,
        user,
        fields: wanted.to_fields(),
        alteration,
        first_login,
    })
}

/// What is done to an existing user who is to have the data `wanted`, and `differs` from them or
/// not; `None` when nothing is.
pub(crate) fn alteration(
    user: &User,
    wanted: Wanted<'_>,
    differs: bool,
    now: Timestamp,
) -> Option<(Alteration, Option<FirstLogin>)> {
    match user.status {
        Status::Invited => decide_invited(user, wanted, differs, now),
        Status::Active => decide_active(user, wanted, differs, now),
    }
}

fn decide_invited(
    user: &User,
    wanted: Wanted<'_>,
    differs: bool,
    now: Timestamp,
) -> Option<(Alteration, Option<FirstLogin>)> {
    let first_login = wanted.first_login();
    if first_login != FirstLogin::Invitation {
        return Some((Alteration::Register, Some(first_login)));
    }
    if !has_live_invitation(user, wanted, now) {
        return Some((Alteration::Reinvite, Some(first_login)));
    }
    differs.then_some((Alteration::Update, None))
}

fn decide_active(
    user: &User,
    wanted: Wanted<'_>,
    differs: bool,
    now: Timestamp,
) -> Option<(Alteration, Option<FirstLogin>)> {
    let first_login = first_login_of_active(user, wanted, now);
    if differs {
        return Some((Alteration::Update, first_login));
    }
    match first_login? {
        FirstLogin::Invitation => Some((Alteration::Reinvite, first_login)),
        FirstLogin::InitialPassword | FirstLogin::SingleSignOn => {
            Some((Alteration::Update, first_login))
        }
    }
}

/// A registered user who is to use a password but has none that works gets a link to set one, and
/// a new link when that one died. Without an address they get an initial password once: one that
/// was not used for 30 days is issued anew by an admin.
fn first_login_of_active(user: &User, wanted: Wanted<'_>, now: Timestamp) -> Option<FirstLogin> {
    if wanted.login_method == LoginMethod::Sso {
        // An open link to set a password must not outlive the move to SSO.
        return user.invitation.as_ref().map(|_| FirstLogin::SingleSignOn);
    }
    if user.has_password_at(now) {
        return None;
    }
    if wanted.email.is_some() {
        (!has_live_invitation(user, wanted, now)).then_some(FirstLogin::Invitation)
    } else {
        (user.credential == Credential::None).then_some(FirstLogin::InitialPassword)
    }
}

/// Whether the open invitation still works and says what is true today.
fn has_live_invitation(user: &User, wanted: Wanted<'_>, now: Timestamp) -> bool {
    user.invitation
        .as_ref()
        .is_some_and(|open| now < open.expires_at && wanted.is(&open.fields_at_invitation))
}
