//! Setting a password: changing one's own, or replacing an initial one.

pub(crate) mod api;
pub(crate) mod change;
pub(crate) mod current;
pub(crate) mod initial_password_page;
pub(crate) mod new_password_form;
pub(crate) mod set;
pub(crate) mod typed_twice;

use credentials::HashingError;
use web::Problem;

/// Returns the 500 for a hash that could not be computed or read.
pub(crate) fn hashing_failed(error: &HashingError) -> Problem {
    tracing::error!(%error, "answered 500");
    Problem::internal()
}
