//! 初回のユーザーログイン: how a person signs in for the first time.

use crate::{LoginMethod, SyncedFields};

/// How a person signs in for the first time (manual: 「初回のユーザーログインについて」).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstLogin {
    /// A mail with a link that is valid for 72 hours.
    Invitation,
    /// An initial password, which the システム管理者 get in a CSV.
    InitialPassword,
    /// Nothing is sent: the person signs in through SSO.
    SingleSignOn,
}

impl FirstLogin {
    /// Returns the first login of a person with these fields.
    pub fn of(fields: &SyncedFields) -> Self {
        Self::with(fields.login_method, fields.email.is_some())
    }

    /// Returns the first login of a person with this login method, with or without an address.
    pub(crate) fn with(login_method: LoginMethod, has_email: bool) -> Self {
        match (login_method, has_email) {
            (LoginMethod::Sso, _) => Self::SingleSignOn,
            (LoginMethod::Password, true) => Self::Invitation,
            (LoginMethod::Password, false) => Self::InitialPassword,
        }
    }
}
