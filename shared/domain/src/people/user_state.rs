//! The states by which the list of users is filtered and sorted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::user::{Credential, Status, User};

/// What an admin wants to know of a user at a glance. A user may be in several states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = UserStateWord, description = "不達, 招待の期限切れ, 招待中, 初期パスワードの期限切れ, 初期パスワード未変更, 未ログイン, 有効")
)]
pub enum UserState {
    /// 不達: the mail of the open invitation did not arrive, or was reported as spam.
    Bounced,
    /// 招待の期限切れ: the link expired before it was used.
    InvitationExpired,
    /// 招待中
    Invited,
    /// 初期パスワードの期限切れ: it expired before it was replaced.
    InitialPasswordExpired,
    /// 初期パスワード未変更, expired or not.
    InitialPassword,
    /// 未ログイン: they never signed in, as far as it was noted.
    NeverSignedIn,
    /// 有効
    Active,
}

impl UserState {
    /// Every state, those first that an admin can do something about.
    pub const ALL: [Self; 7] = [
        Self::Bounced,
        Self::InvitationExpired,
        Self::Invited,
        Self::InitialPasswordExpired,
        Self::InitialPassword,
        Self::NeverSignedIn,
        Self::Active,
    ];

    /// Returns the words on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::Bounced => "不達",
            Self::InvitationExpired => "招待の期限切れ",
            Self::Invited => "招待中",
            Self::InitialPasswordExpired => "初期パスワードの期限切れ",
            Self::InitialPassword => "初期パスワード未変更",
            Self::NeverSignedIn => "未ログイン",
            Self::Active => "有効",
        }
    }

    /// Returns whether somebody should look at the user: what was sent to them did not let them in.
    pub fn is_trouble(self) -> bool {
        matches!(
            self,
            Self::Bounced | Self::InvitationExpired | Self::InitialPasswordExpired
        )
    }

    /// Returns whether `user`, who last signed in at `last_sign_in`, is in this state at `now`.
    ///
    /// Sign-ins of earlier versions were not noted: who has a password of their own came in once, and of those who use
    /// SSO nobody knows until they sign in again.
    pub fn is_of(self, user: &User, last_sign_in: Option<Timestamp>, now: Timestamp) -> bool {
        let invitation = user.invitation.as_ref();
        let initial = match user.credential {
            Credential::Initial { expires_at } => Some(expires_at),
            Credential::None | Credential::Password => None,
        };
        match self {
            Self::Bounced => invitation.is_some_and(|it| it.bounced.is_some()),
            Self::InvitationExpired => invitation.is_some_and(|it| it.expires_at <= now),
            Self::Invited => user.status == Status::Invited,
            Self::InitialPasswordExpired => initial.is_some_and(|expires_at| expires_at <= now),
            Self::InitialPassword => initial.is_some(),
            Self::NeverSignedIn => {
                last_sign_in.is_none() && user.credential != Credential::Password
            }
            Self::Active => user.status == Status::Active,
        }
    }

    /// Returns the first state of a user, in the order of [`UserState::ALL`].
    pub fn first_of(user: &User, last_sign_in: Option<Timestamp>, now: Timestamp) -> Self {
        let mut states = Self::ALL.into_iter();
        let first = states.find(|state| state.is_of(user, last_sign_in, now));
        first.unwrap_or(Self::Active)
    }
}
