//! Authentication of requests to the JSON API. Refusals are problem documents.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use web::{Problem, RequestSource, SignedIn, check_confirmed};

use crate::app::App;

/// An extractor of the signed-in user; a write must carry the CSRF token.
pub(crate) struct SignedInUser(pub(crate) SignedIn);

/// An extractor of the signed-in システム管理者 or 管理者; a write must carry the CSRF token.
///
/// Manual: 「SmartHR連携の設定は、役割が「システム管理者」「管理者」のユーザーのみ操作可能です」.
pub(crate) struct AdminUser(pub(crate) SignedIn);

impl FromRequestParts<App> for SignedInUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let user = SignedIn::require(app.store(), &parts.headers, app.now())
            .await?
            .coming_from(RequestSource::of(&parts.extensions));
        if parts.method != Method::GET && parts.method != Method::HEAD {
            user.check_csrf(&parts.headers)?;
        }
        Ok(Self(user))
    }
}

impl FromRequestParts<App> for AdminUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let SignedInUser(signed_in) = SignedInUser::from_request_parts(parts, app).await?;
        if !signed_in.user.role.may_manage_connection() {
            return Err(Problem::forbidden(
                "この操作は、役割が「システム管理者」「管理者」のユーザーのみ行えます。",
            ));
        }
        Ok(Self(signed_in))
    }
}

/// An extractor of the signed-in システム管理者 or 管理者 who proved who they are within the last 10 minutes; a write
/// must carry the CSRF token.
pub(crate) struct ConfirmedAdmin(pub(crate) SignedIn);

impl FromRequestParts<App> for ConfirmedAdmin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let AdminUser(signed_in) = AdminUser::from_request_parts(parts, app).await?;
        check_confirmed(&signed_in.session, app.now())?;
        Ok(Self(signed_in))
    }
}
