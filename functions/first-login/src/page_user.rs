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

/// Returns the signed-in user, who must have done every step of signing in, and act in the workspace whose user they
/// are. Browsers in which nobody is signed in go to `sign_in`.
///
/// # Errors
/// [`Instead`] when nobody is signed in, a step of signing in is to be done, or a table does not answer.
pub(crate) async fn page_user(
    app: &App,
    headers: &HeaderMap,
    sign_in: &'static str,
    now: Timestamp,
) -> Result<SignedIn, Instead> {
    let signed_in = SignedIn::find(&app.store, headers, now).await?;
    let signed_in = with_all_steps(signed_in, sign_in)?;
    signed_in.check_own_account()?;
    Ok(signed_in)
}

/// Returns the signed-in user as [`page_user`] does, in the workspace whose user they are, also while they act in that
/// of a 関連企業: they prove there who they are.
///
/// # Errors
/// As [`page_user`].
pub(crate) async fn page_user_at_home(
    app: &App,
    headers: &HeaderMap,
    sign_in: &'static str,
    now: Timestamp,
) -> Result<SignedIn, Instead> {
    let signed_in = SignedIn::find_at_home(&app.store, headers, now).await?;
    with_all_steps(signed_in, sign_in)
}

fn with_all_steps(signed_in: Option<SignedIn>, sign_in: &'static str) -> Result<SignedIn, Instead> {
    let signed_in = signed_in.ok_or(Instead::Redirect(sign_in))?;
    match signed_in.next_step() {
        None => Ok(signed_in),
        Some(step) => Err(Instead::Redirect(step.page())),
    }
}
