//! The user of a page, or where the browser goes instead.

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use web::{Problem, ProblemPage, SignedIn};

use crate::app::App;

/// What the browser gets in place of a page.
pub(crate) enum Instead {
    /// A redirect to this path of ours.
    Redirect(&'static str),
    /// The page of a problem.
    Problem(Problem),
}

impl IntoResponse for Instead {
    fn into_response(self) -> Response {
        match self {
            Self::Redirect(path) => Redirect::to(path).into_response(),
            Self::Problem(problem) => ProblemPage(problem).into_response(),
        }
    }
}

impl<E: Into<Problem>> From<E> for Instead {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

/// Returns the signed-in user, who must have no initial password to replace. Browsers in which nobody is
/// signed in go to `sign_in`.
///
/// # Errors
/// [`Instead`] when nobody is signed in, an initial password is to be replaced, or a table does not answer.
pub(crate) async fn page_user(
    app: &App,
    headers: &HeaderMap,
    sign_in: &'static str,
    now: Timestamp,
) -> Result<SignedIn, Instead> {
    match SignedIn::find(&app.store, headers, now).await? {
        None => Err(Instead::Redirect(sign_in)),
        Some(signed_in) if signed_in.has_full_access() => Ok(signed_in),
        Some(_) => Err(Instead::Redirect("/first-login")),
    }
}
