//! The workspace's rules about a person's data.

use crate::email_address::EmailAddress;
use crate::failure::Failure;
use crate::login_method::LoginMethod;
use crate::user::{Status, User};
use crate::wanted::Wanted;
use crate::workspace::Workspace;

/// What stands against `user`, or a new one, getting `wanted`: SSO, the address's domain.
pub(crate) fn refusal(
    user: Option<&User>,
    wanted: Wanted<'_>,
    workspace: &Workspace,
) -> Option<Failure> {
    if wanted.login_method == LoginMethod::Sso {
        if wanted.email.is_none() {
            return Some(Failure::SsoWithoutEmail);
        }
        if !workspace.sso_configured {
            return Some(Failure::SsoNotConfigured);
        }
    }
    let email = wanted.email?;
    if workspace.allows_address(email) || keeps_registered_address(user, email) {
        return None;
    }
    let domain = EmailAddress::domain_of(email);
    Some(Failure::DomainNotAllowed { domain })
}

/// The allowed domains are for new addresses: an unchanged address of a registered user stays.
fn keeps_registered_address(user: Option<&User>, email: &str) -> bool {
    user.is_some_and(|user| {
        user.status == Status::Active && user.email.as_ref().is_some_and(|held| held.is(email))
    })
}
