//! Why an account was not changed.

use credentials::DerivationKeyTooShort;
use storage::StoreError;

/// Why an account was not changed. The text of each reason is the sentence that the admin reads.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The workspace has no such user, or no such user who can be restored.
    #[error("指定されたユーザーは存在しません。")]
    UnknownUser,
    /// An admin who is no システム管理者 could take over the account of one.
    #[error("システム管理者のログイン情報を変更できるのは、システム管理者のみです。")]
    CredentialsOfSystemAdministrator,
    /// An admin may not change their own role.
    #[error("自分の役割は変更できません。")]
    OwnRole,
    /// An admin who is no システム管理者 may neither appoint nor dismiss one.
    #[error("システム管理者の追加と解除ができるのは、システム管理者のみです。")]
    RoleOfSystemAdministrator,
    /// An admin may not delete themselves.
    #[error("自分自身は削除できません。")]
    DeletesSelf,
    /// An admin who is no システム管理者 may not delete one.
    #[error("システム管理者を削除できるのは、システム管理者のみです。")]
    DeletesSystemAdministrator,

    /// The name is empty, too long, or has control characters.
    #[error("氏名は1文字以上100文字以内で入力してください。")]
    InvalidName,
    /// The text is no e-mail address.
    #[error("メールアドレスの形式が正しくありません。")]
    InvalidEmail,
    /// The text is no employee code.
    #[error("従業員コードは半角英数字とハイフンで、64文字以内で入力してください。")]
    InvalidEmployeeCode,
    /// The workspace does not allow new addresses of this domain.
    #[error("メールアドレスのドメインがKiteRaの設定で許可されていません。")]
    DomainNotAllowed,
    /// The user would have neither an address nor a code.
    #[error("メールアドレスと従業員コードの少なくとも一方を入力してください。")]
    NoIdentifier,
    /// The workspace has no SSO.
    #[error("ワークスペースのSSOが設定されていません。")]
    SsoNotConfigured,
    /// SSO tells people apart by e-mail.
    #[error("認証方法がSSOのユーザーにはメールアドレスが必要です。")]
    SsoWithoutEmail,
    /// Another user of the workspace has the address.
    #[error("このメールアドレスは別のユーザーが使用しています。")]
    EmailTaken,
    /// Another user of the workspace has the code.
    #[error("この従業員コードは別のユーザーが使用しています。")]
    EmployeeCodeTaken,
    /// The workspace has no such group.
    #[error("選択したグループは存在しません。")]
    UnknownGroup,
    /// SmartHR decides about these fields, named as on the screen.
    #[error("SmartHRと連携中のため、{}はKiteRaで変更できません。SmartHRで変更してください。", .0.join("・"))]
    LockedBySmartHr(Vec<&'static str>),

    /// One request invites between one and so many people.
    #[error("一度に招待できるのは1人から50人までです。")]
    InviteeCount,
    /// The user signs in by SSO and needs no invitation.
    #[error("認証方法がSSOのユーザーには招待は必要ありません。")]
    InvitationForSso,
    /// The user has no address to send an invitation to.
    #[error(
        "メールアドレスがないため、招待メールを送信できません。初期パスワードを再発行してください。"
    )]
    InvitationWithoutEmail,
    /// The user has a password.
    #[error("すでに登録が完了しているため、招待は必要ありません。")]
    AlreadyRegistered,

    /// The user signs in by SSO and needs no initial password.
    #[error("認証方法がSSOのユーザーには初期パスワードは必要ありません。")]
    InitialPasswordForSso,
    /// A user with an address gets an invitation instead.
    #[error(
        "メールアドレスがあるユーザーには、初期パスワードではなく招待メールを送信してください。"
    )]
    InitialPasswordDespiteEmail,
    /// The user could not sign in with an initial password.
    #[error("従業員コードがないため、初期パスワードを発行できません。")]
    InitialPasswordWithoutCode,
    /// No システム管理者 could be sent the initial password.
    #[error("メールアドレスのあるシステム管理者がいないため、初期パスワードを送信できません。")]
    NoRecipient,

    /// The user has no crew link that counts.
    #[error("このユーザーはSmartHRと紐付けられていません。")]
    NotLinked,

    /// AWS did not do it, or somebody else changed the user meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored derivation key is none.
    #[error(transparent)]
    DerivationKey(#[from] DerivationKeyTooShort),
}
