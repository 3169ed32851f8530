//! Who may ask. Every handler takes [`Member`] or [`Manager`], so that none can forget to look; for
//! a write both look for the CSRF token as well.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use web::{Problem, SignedIn, check_csrf, require_signed_in};

use crate::app::App;

/// Somebody who is signed in.
pub(crate) struct Member(pub(crate) SignedIn);

/// A システム管理者 or 管理者.
///
/// Manual: 「SmartHR連携の設定は、役割が「システム管理者」「管理者」のユーザーのみ操作可能です」.
pub(crate) struct Manager(pub(crate) SignedIn);

impl FromRequestParts<App> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let signed_in = require_signed_in(app.store(), &parts.headers, app.now()).await?;
        if parts.method != Method::GET && parts.method != Method::HEAD {
            check_csrf(&signed_in, &parts.headers)?;
        }
        Ok(Self(signed_in))
    }
}

impl FromRequestParts<App> for Manager {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Member(signed_in) = Member::from_request_parts(parts, app).await?;
        if !signed_in.user.role.may_manage_integration() {
            return Err(Problem::forbidden(
                "この操作は、役割が「システム管理者」「管理者」のユーザーのみ行えます。",
            ));
        }
        Ok(Self(signed_in))
    }
}
