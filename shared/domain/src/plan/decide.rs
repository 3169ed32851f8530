//! The table of what happens to one person (docs/design.md, "What happens to a person").

use jiff::Timestamp;

use super::candidate::Candidate;
use super::desired_fields::DesiredFields;
use crate::time::is_due;
use crate::{Alteration, Change, Credential, FirstLogin, LoginMethod, PlanInput, Status, User};

/// Decides what happens to a person in scope who has not failed; `None` when nothing does.
pub(crate) fn decide<'a>(candidate: &Candidate<'a>, input: &PlanInput<'a>) -> Option<Change<'a>> {
    let employee = candidate.employee;
    let desired = candidate.desired_fields(input.settings)?;
    let Some(user) = candidate.user else {
        return Some(Change::Add {
            employee,
            fields: desired.to_owned(),
            first_login: desired.first_login(),
        });
    };
    let differs = !desired.are_of(user) || user.crew_in(input.tenant) != Some(&employee.crew_id);
    let mut decided = match user.status {
        Status::Invited => decide_invited(user, desired, differs, input.now),
        Status::Active => decide_active(user, desired, differs, input.now),
    };
    if candidate.held_change.is_some()
        && let Some((_, Some(FirstLogin::InitialPassword))) = decided
    {
        // The password of an admin whose account is in question would be a new way to sign in.
        decided = differs.then_some((Alteration::Update, None));
    }
    let (alteration, first_login) = decided?;
    Some(Change::Alter {
        employee,
        user,
        fields: desired.to_owned(),
        alteration,
        first_login,
        held: candidate.held_change.clone().map(Box::new),
    })
}

fn decide_invited(
    user: &User,
    desired: DesiredFields<'_>,
    differs: bool,
    now: Timestamp,
) -> Option<(Alteration, Option<FirstLogin>)> {
    let first_login = desired.first_login();
    if first_login != FirstLogin::Invitation {
        return Some((Alteration::Register, Some(first_login)));
    }
    if !has_valid_invitation(user, desired, now) {
        return Some((Alteration::Reinvite, Some(first_login)));
    }
    differs.then_some((Alteration::Update, None))
}

fn decide_active(
    user: &User,
    desired: DesiredFields<'_>,
    differs: bool,
    now: Timestamp,
) -> Option<(Alteration, Option<FirstLogin>)> {
    match missing_credentials(user, desired, now) {
        first_login if differs => Some((Alteration::Update, first_login)),
        None => None,
        invitation @ Some(FirstLogin::Invitation) => Some((Alteration::Reinvite, invitation)),
        first_login => Some((Alteration::Update, first_login)),
    }
}

/// Returns the credentials that a registered user needs and does not have. One who must sign in by a
/// password and has none, as after a change from SSO, gets a link to set one, and a new link when that
/// one expires. Without an address they get an initial password once; one that expired unused is
/// replaced by an admin, not by the night.
fn missing_credentials(
    user: &User,
    desired: DesiredFields<'_>,
    now: Timestamp,
) -> Option<FirstLogin> {
    if desired.login_method == LoginMethod::Sso {
        // Neither a password nor an open link to set one outlives the move to SSO.
        let leaves_password =
            user.login_method == LoginMethod::Password && user.credential != Credential::None;
        let has_way_in = user.invitation.is_some() || leaves_password;
        return has_way_in.then_some(FirstLogin::SingleSignOn);
    }
    if user.has_password_until_next_run(now) {
        return None;
    }
    if desired.email.is_some() {
        (!has_valid_invitation(user, desired, now)).then_some(FirstLogin::Invitation)
    } else {
        (user.credential == Credential::None).then_some(FirstLogin::InitialPassword)
    }
}

/// Returns whether the open invitation lasts until the next scheduled run at least, and shows today's data.
fn has_valid_invitation(user: &User, desired: DesiredFields<'_>, now: Timestamp) -> bool {
    let open = user.invitation.as_ref();
    open.is_some_and(|open| {
        !is_due(open.expires_at, now) && desired.equal(&open.fields_at_invitation)
    })
}
