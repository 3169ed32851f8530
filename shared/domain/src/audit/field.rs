//! The fields that an event can be about, in words of the screen.

use serde::{Deserialize, Serialize};

/// A field that an event can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditField {
    /// 氏名
    Name,
    /// メールアドレス
    Email,
    /// 従業員コード
    EmployeeCode,
    /// 認証方法
    LoginMethod,
    /// 役割
    Role,
    /// 緊急用アカウント
    EmergencyAccount,
    /// グループ
    Groups,
    /// The connected company.
    Company,
    /// The company that waits to be confirmed.
    PendingCompany,
    /// 有効にする
    SyncEnabled,
    /// 同期対象
    SyncTarget,
    /// 認証方法 of everybody synced.
    LoginMethodSetting,
    /// デフォルトグループ
    DefaultGroup,
    /// 初期パスワードのCSV
    PasswordCsv,
    /// お問い合わせ先 of the invitation mails.
    InvitationContact,
    /// 会社からのひとこと of the invitation mails.
    InvitationMessage,
    /// 即時反映
    ImmediateSync,
    /// The name of the workspace.
    WorkspaceName,
    /// 企業コード
    CompanyCode,
    /// The number of users that the plan allows.
    Seats,
    /// The domains that new addresses may have.
    AllowedDomains,
    /// Whether システム管理者 and 管理者 must have a second factor.
    SecondFactorRequired,
    /// Whether people can sign in by SSO.
    SsoConfigured,
    /// The issuer of the OpenID provider.
    SsoIssuer,
    /// The client id at the OpenID provider.
    SsoClientId,
    /// The client secret at the OpenID provider.
    SsoClientSecret,
    /// The Entity ID of the SAML provider.
    SsoEntityId,
    /// Where the SAML provider signs people in.
    SsoSignInUrl,
    /// The certificates of the SAML provider.
    SsoCertificates,
    /// The workspace of the parent company; an id.
    ParentWorkspace,
    /// The workspaces whose parent company's the workspace is; ids.
    ChildWorkspaces,
    /// The people of the parent company who may enter; addresses.
    RelatedCompanyUsers,
    /// How many accounts were reviewed.
    ReviewedAccounts,
    /// Who hears of failures.
    FailureRecipients,
    /// Who hears of held deletions.
    HeldRecipients,
    /// Who is asked to connect again.
    ReconnectRecipients,
    /// Who hears that the seats are nearly taken.
    SeatsRecipients,
    /// Who hears of a certificate that ends.
    CertificateRecipients,
    /// Who gets the summary of the week.
    WeeklySummaryRecipients,
    /// The chat that notifications are posted to; its address is a secret.
    ChatWebhook,
}

impl AuditField {
    /// Returns the label on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "氏名",
            Self::Email => "メールアドレス",
            Self::EmployeeCode => "従業員コード",
            Self::LoginMethod | Self::LoginMethodSetting => "認証方法",
            Self::Role => "役割",
            Self::EmergencyAccount => "緊急用アカウント",
            Self::Groups => "グループ",
            Self::Company => "SmartHR企業アカウント",
            Self::PendingCompany => "確認待ちのSmartHR企業アカウント",
            Self::SyncEnabled => "有効にする",
            Self::SyncTarget => "同期対象",
            Self::DefaultGroup => "デフォルトグループ",
            Self::PasswordCsv => "初期パスワードのCSV",
            Self::InvitationContact => "招待メールのお問い合わせ先",
            Self::InvitationMessage => "招待メールの会社からのひとこと",
            Self::ImmediateSync => "即時反映",
            Self::WorkspaceName => "ワークスペース名",
            Self::CompanyCode => "企業コード",
            Self::Seats => "プランのユーザー数",
            Self::AllowedDomains => "許可ドメイン",
            Self::SecondFactorRequired => "二段階認証の必須(システム管理者・管理者)",
            Self::SsoConfigured => "SSOでのログイン",
            Self::SsoIssuer => "発行者(Issuer)",
            Self::SsoClientId => "クライアントID",
            Self::SsoClientSecret => "クライアントシークレット",
            Self::SsoEntityId => "IDプロバイダーのEntity ID",
            Self::SsoSignInUrl => "IDプロバイダーのSSO URL",
            Self::SsoCertificates => "IDプロバイダーの証明書",
            Self::ParentWorkspace => "親会社のワークスペース",
            Self::ChildWorkspaces => "関連企業のワークスペース",
            Self::RelatedCompanyUsers => "関連企業のユーザー",
            Self::ReviewedAccounts => "確認したアカウント",
            Self::FailureRecipients => "通知の送信先: 同期の失敗",
            Self::HeldRecipients => "通知の送信先: 退職による削除の保留",
            Self::ReconnectRecipients => "通知の送信先: 再連携",
            Self::SeatsRecipients => "通知の送信先: プランのユーザー数",
            Self::CertificateRecipients => "通知の送信先: SSOの証明書",
            Self::ChatWebhook => "チャット通知",
            Self::WeeklySummaryRecipients => "通知の送信先: 週次サマリー",
        }
    }

    /// Returns whether the values are about a person or secret, and are not recorded.
    pub(super) fn hides_values(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Email
                | Self::EmployeeCode
                | Self::RelatedCompanyUsers
                | Self::SsoClientSecret
                | Self::SsoCertificates
        )
    }
}
