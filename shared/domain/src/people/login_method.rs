//! 認証方法: how a user signs in.

use serde::{Deserialize, Serialize};

/// How a user signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = LoginMethodWord, description = "認証方法 of a user: パスワード, SSO")
)]
pub enum LoginMethod {
    /// パスワード
    Password,
    /// SSO: the workspace's identity provider, which tells people apart by e-mail.
    Sso,
}

impl LoginMethod {
    /// Returns the word on screens, in SmartHR's item and in the log.
    pub fn label(self) -> &'static str {
        match self {
            Self::Password => "パスワード",
            Self::Sso => "SSO",
        }
    }
}
