//! The reasons why an account is not changed.

use credentials::InvalidDerivationKey;
use storage::StoreError;

use crate::add::MOST_ADDED;
use crate::initial_password::MOST_PASSWORDS;

/// The reason why an account was not changed. `Display` is the Japanese sentence that the admin reads.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The workspace has no user with this id, or no deleted user with this id who can be restored.
    #[error("指定されたユーザーは存在しません。")]
    UnknownUser,
    /// The admin is not a システム管理者 and so may not change the credentials of one: they could take over
    /// that account.
    #[error("システム管理者のログイン情報を変更できるのは、システム管理者のみです。")]
    CredentialsOfSystemAdministrator,
    /// An admin may not change their own role.
    #[error("自分の役割は変更できません。")]
    OwnRole,
    /// Only a システム管理者 appoints or dismisses a システム管理者.
    #[error("システム管理者の追加と解除ができるのは、システム管理者のみです。")]
    RoleOfSystemAdministrator,
    /// Only somebody who has come in becomes a システム管理者: the link of an invited person could still be
    /// sent to another address.
    #[error("まだ登録を完了していないユーザーは、システム管理者にできません。")]
    NotRegisteredYet,
    /// The user is the last システム管理者 who can sign in by a password.
    #[error(
        "パスワードでログインできる最後のシステム管理者です。先に、ほかのシステム管理者がパスワードでログインできるようにしてください。"
    )]
    LastWayIn,
    /// The settings ask for SSO, and no other システム管理者 would stay with a password.
    #[error(
        "ユーザー同期設定の認証方法が「SSO」または「個別設定」の間は、パスワードでログインできるシステム管理者が必要です。先に、ほかのシステム管理者を緊急用アカウントにするか、認証方法を「パスワード」にして保存してください。"
    )]
    LastLastingWayIn,
    /// Only a システム管理者 sets or clears 緊急用アカウント.
    #[error("緊急用アカウントを設定・解除できるのは、システム管理者のみです。")]
    EmergencyAccountOfSystemAdministrator,
    /// Only a システム管理者 who chose a password becomes an emergency account.
    #[error(
        "緊急用アカウントにできるのは、自分で設定したパスワードでログインするシステム管理者のみです。"
    )]
    NoEmergencyAccount,
    /// An emergency account signs in by a password.
    #[error(
        "緊急用アカウントの認証方法は、SSOに変更できません。先に、緊急用アカウントを解除してください。"
    )]
    EmergencyAccountKeepsPassword,
    /// Only a システム管理者 removes the second factors of another user.
    #[error("二段階認証を解除できるのは、システム管理者のみです。")]
    SecondFactorsOfOthers,
    /// People remove their own second factors with a code, on the page of their account.
    #[error(
        "自分の二段階認証は、[アカウント]で変更してください。使用できなくなった場合は、ほかのシステム管理者にご依頼ください。"
    )]
    OwnSecondFactors,
    /// The user has no second factor.
    #[error("このユーザーは、二段階認証を設定していません。")]
    NoSecondFactor,
    /// An admin may not delete themselves.
    #[error("自分自身は削除できません。")]
    DeletesSelf,
    /// Only a システム管理者 deletes a システム管理者.
    #[error("システム管理者を削除できるのは、システム管理者のみです。")]
    DeletesSystemAdministrator,

    /// Nothing of the name can be seen, or it is too long.
    #[error("氏名は1文字以上100文字以内で入力してください。")]
    InvalidName,
    /// The text is not an e-mail address.
    #[error("メールアドレスの形式が正しくありません。")]
    InvalidEmail,
    /// The text is not an employee code.
    #[error("従業員コードは半角英数字とハイフンで、64文字以内で入力してください。")]
    InvalidEmployeeCode,
    /// The admin asked for too many addresses of their own today.
    #[error(
        "ご自身のメールアドレスの変更は、1日に5回までお手続きいただけます。明日、もう一度お試しください。"
    )]
    TooManyAddressChanges,
    /// The link of a changed address does not work.
    #[error("このリンクは使用できません。")]
    AddressNotAsked,
    /// The workspace's settings do not allow new addresses of this domain.
    #[error("メールアドレスのドメインがKiteRaの設定で許可されていません。")]
    DomainNotAllowed,
    /// The edit would leave the user with neither an e-mail address nor an employee code.
    #[error("メールアドレスと従業員コードの少なくとも一方を入力してください。")]
    NoIdentifier,
    /// SSO is not configured for the workspace.
    #[error("ワークスペースのSSOが設定されていません。")]
    SsoNotConfigured,
    /// An SSO user needs an e-mail address, because SSO identifies users by it.
    #[error("認証方法がSSOのユーザーにはメールアドレスが必要です。")]
    SsoWithoutEmail,
    /// Another user of the workspace has the same e-mail address.
    #[error("このメールアドレスは別のユーザーが使用しています。")]
    EmailTaken,
    /// Another user of the workspace has the same employee code.
    #[error("この従業員コードは別のユーザーが使用しています。")]
    EmployeeCodeTaken,
    /// The workspace has no group with this id.
    #[error("選択したグループは存在しません。")]
    UnknownGroup,
    /// SmartHR determines these fields, which are named as on the screen.
    #[error("SmartHRと連携中のため、{}はKiteRaで変更できません。SmartHRで変更してください。", .0.join("・"))]
    LockedBySmartHr(Vec<&'static str>),

    /// A request named nobody to be mailed, or more than 50 people.
    #[error("一度にメールを送信できるのは1名から50名までです。")]
    RecipientCount,
    /// There is no such import, or it is an hour old.
    #[error(
        "CSVの内容を確認してから1時間が経過したか、アドレスが正しくありません。CSVファイルを、もう一度アップロードしてください。"
    )]
    UnknownImport,
    /// A request named nobody to be added, or more than 30 people.
    #[error("一度に招待できるのは1名から{MOST_ADDED}名までです。")]
    AddCount,
    /// A request named somebody by code besides others.
    #[error("メールアドレスがない方は、1名ずつ登録してください。")]
    OneCodeAtATime,
    /// The user signs in by SSO and needs no invitation.
    #[error("認証方法がSSOのユーザーには招待は必要ありません。")]
    InvitationForSso,
    /// The user has no e-mail address to send an invitation to.
    #[error(
        "メールアドレスがないため、招待メールを送信できません。初期パスワードを再発行してください。"
    )]
    InvitationWithoutEmail,
    /// The user has set a password already.
    #[error("すでに登録が完了しているため、招待は必要ありません。")]
    AlreadyRegistered,

    /// The last invitation was made less than ten minutes ago.
    #[error(
        "招待メールは10分以内に送信済みです。迷惑メールフォルダーをご確認いただき、届かない場合は、しばらくしてからもう一度お試しください。"
    )]
    InvitedJustNow,
    /// The workspace sent as many invitation mails today as it may.
    #[error(
        "招待メールは1日に{0}通まで送信できます。本日の上限に達したため、明日、もう一度お試しください。"
    )]
    TooManyInvitationsToday(u32),
    /// The workspace's invitation mails are paused.
    #[error(
        "届かない招待メール、または迷惑メールとして報告された招待メールが多いため、招待メールの送信を一時停止しています。届かなかったメールアドレスを修正のうえ、サポートにお問い合わせください。"
    )]
    InvitationsPaused,

    /// The user signs in by SSO and needs no initial password.
    #[error("認証方法がSSOのユーザーには初期パスワードは必要ありません。")]
    InitialPasswordForSso,
    /// The user has an e-mail address and gets an invitation instead.
    #[error(
        "メールアドレスがあるユーザーには、初期パスワードではなく招待メールを送信してください。"
    )]
    InitialPasswordDespiteEmail,
    /// The user has no employee code to sign in with.
    #[error("従業員コードがないため、初期パスワードを発行できません。")]
    InitialPasswordWithoutCode,
    /// A request named nobody to get an initial password, or more than 200 people.
    #[error("一度に初期パスワードを発行できるのは1名から{MOST_PASSWORDS}名までです。")]
    PasswordCount,
    /// No システム管理者 of the workspace has an e-mail address to send the initial password to.
    #[error("メールアドレスのあるシステム管理者がいないため、初期パスワードを送信できません。")]
    NoRecipient,

    /// The user signs in by SSO and has no password here.
    #[error("認証方法がSSOのユーザーには、KiteRaのパスワードはありません。")]
    ResetForSso,
    /// The user has not registered yet and needs an invitation.
    #[error("まだ登録を完了していないユーザーには、招待メールを送信してください。")]
    ResetBeforeRegistration,
    /// The user has no e-mail address to send a link to.
    #[error(
        "メールアドレスがないため、パスワード再設定メールを送信できません。初期パスワードを再発行してください。"
    )]
    ResetWithoutEmail,
    /// Three links were sent to the user within the hour; the last one still works.
    #[error(
        "パスワード再設定メールは、1時間に3回まで送信できます。すでに送信したメールのリンクは使用できます。"
    )]
    TooManyResets,

    /// The user has no crew link to the connected company.
    #[error("このユーザーはSmartHRと紐付けられていません。")]
    NotLinked,

    /// AWS failed, or another write changed the user in between.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The derivation key in Secrets Manager is too short.
    #[error(transparent)]
    DerivationKey(#[from] InvalidDerivationKey),
}
