//! Authentication and authorization. Every handler of the API takes an extractor of [`api`], and every
//! page one of [`page`], so that none can forget to check the sign-in, the role and, for a write, the
//! CSRF token. A sensitive action takes `ConfirmedAdmin` or `ConfirmedForm`.

pub(crate) mod api;
pub(crate) mod page;
pub(crate) mod upload;

use domain::Role;
use web::{Problem, SignedIn};

/// Checks that the signed-in user is a システム管理者, who alone decides about admins' accounts and about
/// another SmartHR company.
///
/// # Errors
/// The 403 for everybody else.
pub(crate) fn require_system_administrator(signed_in: &SignedIn) -> Result<(), Problem> {
    if signed_in.user.role == Role::SystemAdministrator {
        return Ok(());
    }
    Err(Problem::forbidden(
        "この操作は、役割が「システム管理者」のユーザーのみ行えます。",
    ))
}
