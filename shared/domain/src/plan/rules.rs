//! Rules: what one person's data must fulfil, regardless of the others' data.

use super::candidate::Candidate;
use super::desired_fields::DesiredFields;
use crate::{EmailAddress, Failure, LoginMethod, PlanInput, Status, User, Workspace};

/// Fails the candidates who break a rule.
pub(crate) fn apply_rules(candidates: &mut [Candidate<'_>], input: &PlanInput<'_>) {
    for candidate in candidates {
        let broken = match candidate.desired_fields(input.settings) {
            None => Some(Failure::NoName),
            Some(desired) => broken_rule(candidate.user, desired, input.workspace),
        };
        if let Some(failure) = broken {
            candidate.fail(failure);
        }
    }
}

fn broken_rule(
    user: Option<&User>,
    desired: DesiredFields<'_>,
    workspace: &Workspace,
) -> Option<Failure> {
    if desired.login_method == LoginMethod::Sso {
        if desired.email.is_none() {
            return Some(Failure::SsoWithoutEmail);
        }
        if !workspace.sso_configured() {
            return Some(Failure::SsoNotConfigured);
        }
    }
    let email = desired.email?;
    if workspace.allows_address(email) || keeps_registered_address(user, email) {
        return None;
    }
    let domain = EmailAddress::domain_of(email);
    Some(Failure::DomainNotAllowed { domain })
}

/// Returns whether the address is the unchanged one of a registered user, which may stay: the
/// allowed domains apply to new addresses.
fn keeps_registered_address(user: Option<&User>, email: &str) -> bool {
    user.is_some_and(|user| {
        user.status == Status::Active && user.email.as_ref().is_some_and(|own| own.is(email))
    })
}
