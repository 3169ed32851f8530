//! Why settings were not saved, in words of the screen.

use smarthr::SmartHrError;
use storage::StoreError;

use crate::tokens::TokenError;
use crate::update::ApplyError;

/// The reason why the settings were not saved. [`SaveSettingsError::reason`] is the text for the admin.
#[derive(Debug, thiserror::Error)]
pub enum SaveSettingsError {
    /// The workspace is not connected, so it has no settings.
    #[error("not connected")]
    NotConnected,
    /// SmartHR refuses our tokens. Until an admin connects again, the sync can only be switched off.
    #[error("an admin must connect again first")]
    ReconnectNeeded,
    /// The workspace has no group with the id of the default group.
    #[error("the default group does not exist")]
    UnknownGroup,
    /// A text of the invitation mails is too long.
    #[error("a text of the invitation mails is too long")]
    TextTooLong,
    /// The settings ask for SSO or 個別設定, but SSO is not configured for the workspace.
    #[error("SSO is not configured")]
    SsoNotConfigured,
    /// The settings ask for SSO or 個別設定, and no システム管理者 would stay who signs in by a password.
    #[error("nobody stays who signs in by a password")]
    NobodyStays,
    /// SmartHR does not let us create our custom items.
    #[error("SmartHR refuses our items: {0}")]
    Refused(SmartHrError),
    /// SmartHR does not answer; a later attempt may succeed.
    #[error("SmartHR does not answer")]
    Unavailable,
    /// SmartHR refuses our own OAuth client: an operator must mend it.
    #[error("SmartHR refuses our OAuth client")]
    ClientRefused,
    /// The database or Secrets Manager failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SaveSettingsError {
    /// Returns the Japanese text for the admin; `None` for an internal failure.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::NotConnected => Some("SmartHRと連携されていません。"),
            Self::ReconnectNeeded => Some(
                "SmartHRとの再連携が必要です。[連携する]から連携し直してください(同期を無効にすることはできます)。",
            ),
            Self::UnknownGroup => Some("選択したデフォルトグループは存在しません。"),
            Self::TextTooLong => Some(
                "招待メールの「お問い合わせ先」と「会社からのひとこと」は、それぞれ100文字以内で入力してください。",
            ),
            Self::SsoNotConfigured => Some(
                "ワークスペースのSSOが設定されていないため、認証方法に「SSO」「個別設定」は選択できません。このまま保存すると、全員がログインできなくなるおそれがあります。",
            ),
            Self::NobodyStays => Some(
                "認証方法を「SSO」「個別設定」にする前に、[ユーザー管理]で、パスワードでログインできるシステム管理者を1名以上「緊急用アカウント」にしてください。SSOでログインできなくなった場合に、システム管理者がログインするために必要です。",
            ),
            Self::Refused(_) => Some(
                "SmartHRに項目を作成できませんでした。SmartHRでKiteRaアプリの権限を確認してください。",
            ),
            Self::Unavailable => Some(
                "SmartHRに接続できないため、保存できませんでした。時間をおいてもう一度お試しください。",
            ),
            Self::ClientRefused => Some(
                "KiteRaのシステムの設定に問題があり、SmartHRに接続できないため、保存できませんでした(当社側の問題です)。復旧してからもう一度お試しください。",
            ),
            Self::Store(_) => None,
        }
    }
}

impl From<TokenError> for SaveSettingsError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Refused => Self::ReconnectNeeded,
            TokenError::Unavailable => Self::Unavailable,
            TokenError::ClientRefused => Self::ClientRefused,
            TokenError::Store(error) => Self::Store(error),
        }
    }
}

impl From<ApplyError> for SaveSettingsError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Transition(_) => Self::NotConnected,
            ApplyError::Store(error) => Self::Store(error),
        }
    }
}
