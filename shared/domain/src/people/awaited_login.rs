//! People who have not come in yet, as the API filters users.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Credential, LoginMethod, User};

/// Whose login is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = AwaitedLoginWord, description = "People by password who have not chosen one of their own yet; of them those whose initial password expired")
)]
pub enum AwaitedLogin {
    /// 未ログイン: people with a password, who have not chosen one yet.
    Any,
    /// 期限切れ: those of them whose initial password expired.
    PasswordExpired,
}

impl AwaitedLogin {
    /// Returns whether it is the login of `user` that is awaited. Nobody knows whether those who use SSO came in.
    pub fn is_of(self, user: &User, now: Timestamp) -> bool {
        if user.login_method == LoginMethod::Sso {
            return false;
        }
        match (self, user.credential) {
            (_, Credential::Password) | (Self::PasswordExpired, Credential::None) => false,
            (Self::Any, _) => true,
            (Self::PasswordExpired, Credential::Initial { expires_at }) => expires_at <= now,
        }
    }
}
