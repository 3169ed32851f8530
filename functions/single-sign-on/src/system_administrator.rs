//! The システム管理者 who changes the single sign-on: nobody else may.

use axum::http::HeaderMap;
use domain::Role;
use web::{Problem, RequestSource, SignedIn};

use crate::app::App;

/// Returns the システム管理者 who sent a form; `None` for a browser without a session.
///
/// # Errors
/// The 403 for other people, and for a form that does not carry the session's token.
pub(crate) async fn system_administrator(
    app: &App,
    headers: &HeaderMap,
    source: RequestSource,
    csrf: &str,
) -> Result<Option<SignedIn>, Problem> {
    let signed_in = SignedIn::find(&app.store, headers, app.now()).await?;
    let Some(signed_in) = signed_in.filter(SignedIn::has_full_access) else {
        return Ok(None);
    };
    let signed_in = signed_in.coming_from(source);
    if signed_in.user.role != Role::SystemAdministrator {
        let why = "SSOの設定は、役割が「システム管理者」のユーザーのみ操作できます。";
        return Err(Problem::forbidden(why));
    }
    signed_in.check_csrf_field(csrf)?;
    Ok(Some(signed_in))
}
