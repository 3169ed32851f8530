//! What is recorded in the audit trail.

use serde::{Deserialize, Serialize};

/// Defines the actions with their words on the screen.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident => $label:literal,)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(
            feature = "openapi",
            derive(utoipa::ToSchema),
            schema(as = AuditActionWord, description = "What was done")
        )]
        pub enum AuditAction {
            $($(#[$doc])* $name,)*
        }

        impl AuditAction {
            /// Every action, in the order of the filter.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the word on the screen.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)*
                }
            }
        }
    };
}

actions! {
    /// An admin was sent to SmartHR to grant access.
    ConnectBegun => "SmartHRとの連携を開始",
    /// A company was connected, or waits to be confirmed.
    Connected => "SmartHRと連携",
    /// The pending company was confirmed.
    CompanyConfirmed => "連携先の切り替えを承認",
    /// The pending company was refused.
    CompanyRefused => "連携先の切り替えを取り消し",
    /// The connection was ended.
    Disconnected => "SmartHRとの連携を解除",
    /// The settings of the sync were changed.
    SettingsSaved => "ユーザー同期設定を保存",
    /// A run was asked for.
    RunStarted => "今すぐ同期",
    /// The sync of one person was asked for.
    EmployeeSyncStarted => "この人を今すぐ同期",
    /// A preview was asked for.
    PreviewStarted => "プレビュー",
    /// Held deletions were allowed.
    HeldDeletionsAllowed => "保留された削除を許可",
    /// Held deletions were refused.
    HeldDeletionsRefused => "保留された削除を拒否",
    /// A change of an admin's account was allowed.
    AccountChangeAllowed => "管理者のログイン情報の変更を許可",
    /// A change of an admin's account was refused.
    AccountChangeRefused => "管理者のログイン情報の変更を拒否",
    /// A sync log was downloaded.
    SyncLogDownloaded => "同期ログをダウンロード",
    /// The audit trail was downloaded.
    AuditTrailDownloaded => "操作履歴をダウンロード",
    /// The list of users was downloaded.
    UserListDownloaded => "ユーザー一覧をダウンロード",
    /// Somebody was added by hand, with an invitation or an initial password.
    UserAdded => "ユーザーを招待",
    /// A user got a new invitation.
    InvitedAgain => "再招待",
    /// A user got a new initial password.
    InitialPasswordIssued => "初期パスワードを再発行",
    /// The cards with initial passwords were opened, to be printed.
    InitialPasswordCardsOpened => "初期パスワードのカードを表示",
    /// The CSV with initial passwords was downloaded.
    InitialPasswordsDownloaded => "初期パスワードのCSVをダウンロード",
    /// A user was sent a link to choose a new password.
    PasswordResetMailed => "パスワード再設定メールを送信",
    /// A user was edited.
    UserEdited => "ユーザーを編集",
    /// An admin asked for another address of their own, which they have to prove.
    OwnAddressAsked => "自分のメールアドレスの変更を申請",
    /// An admin proved the address that they had asked for.
    OwnAddressProven => "自分のメールアドレスを変更",
    /// All sessions of a user were ended.
    UserSignedOut => "ログアウトさせる",
    /// A user lost their crew link.
    UserUnlinked => "SmartHRとの紐付けを解除",
    /// A user was deleted.
    UserDeleted => "ユーザーを削除",
    /// A deleted user was restored.
    UserRestored => "ユーザーを復元",
    /// Somebody accepted their invitation and chose a password.
    InvitationAccepted => "招待から登録",
    /// Somebody replaced their initial password.
    InitialPasswordReplaced => "初期パスワードを変更",
    /// Somebody changed their own password.
    PasswordChanged => "パスワードを変更",
    /// Somebody who forgot their password chose a new one.
    PasswordReset => "パスワードを再設定",
    /// Somebody added an authenticator app.
    SecondFactorAdded => "二段階認証を設定",
    /// Somebody removed their authenticator app.
    SecondFactorRemoved => "二段階認証の設定を削除",
    /// Somebody made new recovery codes.
    RecoveryCodesMade => "リカバリーコードを再発行",
    /// Somebody signed in with a recovery code.
    RecoveryCodeUsed => "リカバリーコードでログイン",
    /// A システム管理者 removed the second factors of a user who lost them.
    SecondFactorsReset => "二段階認証を解除",
    /// A second factor of システム管理者 and 管理者 was asked for, or not any more.
    SecondFactorRequirementSaved => "二段階認証の必須設定を保存",
    /// The domains that new addresses may have were changed.
    AllowedDomainsSaved => "ドメイン制限を保存",
    /// Who gets the mails about the sync was changed.
    NotificationsSaved => "通知の送信先を保存",
    /// A chat webhook was registered in place of any earlier one.
    ChatWebhookSaved => "チャット通知を登録",
    /// The chat webhook was removed.
    ChatWebhookRemoved => "チャット通知を解除",
    /// A post was sent to the chat to try it.
    ChatTested => "チャット通知のテスト送信",
    /// A group was created.
    GroupCreated => "グループを作成",
    /// A group was given another name.
    GroupRenamed => "グループ名を変更",
    /// A group was deleted.
    GroupDeleted => "グループを削除",
    /// The list of all accounts was downloaded, to be reviewed.
    AccountReviewDownloaded => "アカウントの棚卸しをダウンロード",
    /// An admin confirmed that the accounts were reviewed.
    AccountsReviewed => "アカウントの棚卸しを確認",
    /// Who of the parent company may enter was changed.
    RelatedCompanyUsersSaved => "関連企業のユーザーを保存",
    /// Somebody of the parent company entered.
    RelatedCompanyUserEntered => "親会社からアクセス",
    /// Somebody added a passkey to their account.
    PasskeyAdded => "パスキーを追加",
    /// Somebody removed a passkey from their account.
    PasskeyRemoved => "パスキーを削除",
    /// Somebody signed in with an emergency account.
    EmergencySignIn => "緊急用アカウントでログイン",
    /// The single sign-on was set up or changed.
    SsoSaved => "SSOの設定を保存",
    /// The connection test of the single sign-on passed.
    SsoTestPassed => "SSOの接続テストに成功",
    /// The connection test of the single sign-on failed.
    SsoTestFailed => "SSOの接続テストに失敗",
    /// The single sign-on was removed.
    SsoRemoved => "SSOの設定を削除",
    /// An operator created or changed the workspace.
    WorkspaceProvisioned => "ワークスペースを設定",
    /// An operator created or changed the first システム管理者.
    AdministratorProvisioned => "システム管理者を設定",
    /// An operator had a システム管理者 sent a new link to set a password.
    AdministratorSentLink => "システム管理者に新しいリンクを送信",
    /// An operator erased somebody who had left. The event does not say who: the point is to know nothing.
    PersonErased => "個人情報を消去",
    /// An operator ended open invitations, initial passwords and password resets before their time.
    CredentialsVoided => "招待・初期パスワード・パスワード再設定を無効化",
    /// An operator undid 「再連携が必要です」, because SmartHR still took the refresh token.
    ConnectionRestored => "SmartHRとの連携を再開",
    /// An operator asked for the mails that wait to be sent.
    MailsAskedAgain => "送信待ちのメールの送信を依頼",
    /// An operator deleted everything of the workspace, but for this event.
    WorkspaceErased => "ワークスペースのデータを消去",
    /// An operator took users of the workspace from an earlier time.
    WorkspaceBroughtBack => "ワークスペースを以前の状態に復元",
}
