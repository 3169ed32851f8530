//! What somebody who signed in has to do before anything else.

use axum::http::StatusCode;
use storage::sessions::{Session, SessionStep};

use crate::problem::Problem;

/// A step between the password and everything else. A session that has one ahead of it can do nothing but
/// that step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// To give the second factor.
    SecondFactor,
    /// To replace the initial password.
    ReplacePassword,
    /// To set a second factor up.
    EnrolSecondFactor,
}

impl NextStep {
    /// Returns the next step of a session; `None` if it may do everything. The second factor comes before
    /// the new password: who does not have it must not choose one.
    pub fn of(session: &Session) -> Option<Self> {
        match session.awaits {
            Some(SessionStep::SecondFactor) => Some(Self::SecondFactor),
            _ if session.must_replace_password => Some(Self::ReplacePassword),
            Some(SessionStep::EnrolSecondFactor) => Some(Self::EnrolSecondFactor),
            None => None,
        }
    }

    /// Returns the page on which it is done.
    pub fn page(self) -> &'static str {
        match self {
            Self::SecondFactor => "/sign-in/second-factor",
            Self::ReplacePassword => "/first-login",
            Self::EnrolSecondFactor => "/account/second-factor",
        }
    }

    /// Returns the 403 for everything else.
    pub fn problem(self) -> Problem {
        let (code, detail) = match self {
            Self::SecondFactor => (
                "second_factor_required",
                "ログインを完了するには、認証アプリのコードまたはリカバリーコードを入力してください。",
            ),
            Self::ReplacePassword => (
                "password_must_be_replaced",
                "初期パスワードを新しいパスワードに変更してください。",
            ),
            Self::EnrolSecondFactor => (
                "second_factor_must_be_set_up",
                "このワークスペースでは、システム管理者・管理者に二段階認証が必要です。[アカウント]で設定してください。",
            ),
        };
        Problem::new(StatusCode::FORBIDDEN, code, detail)
    }
}
