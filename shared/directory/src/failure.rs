//! Why one person, or a whole run, could not be synced: the cause and the remedy, in the words
//! that an admin reads in the history.

use serde::{Deserialize, Serialize};

use crate::employee_code::LONGEST_CODE;

/// Why one person could not be synced. The others go on; the run is then 「失敗」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Failure {
    /// No name part is filled.
    NoName,
    /// Manual: 「従業員メールアドレスの形式が不正」.
    InvalidEmail {
        /// As SmartHR has it.
        email: String,
    },
    /// Manual: 「従業員メールアドレスのドメインがKiteRaの設定で許可されていない」.
    DomainNotAllowed {
        /// The address's domain.
        domain: String,
    },
    /// Manual: 「従業員コードの形式が不正(半角英数字・ハイフン以外の文字が含まれている)」.
    InvalidCode {
        /// As SmartHR has it.
        code: String,
    },
    /// The code has more letters than KiteRa keeps.
    CodeTooLong,
    /// Manual: 「KiteRaで契約しているプランのユーザー数を超過している」. Invited people count.
    SeatsExceeded {
        /// The plan's number of users.
        seats: u32,
    },
    /// Nothing to tell the person apart by.
    NeitherEmailNorCode,
    /// SSO tells people apart by e-mail.
    SsoWithoutEmail,
    /// SSO was asked for but is no longer configured in the workspace.
    SsoNotConfigured,
    /// Two or more people in SmartHR have this address.
    DuplicateEmail {
        /// The address.
        email: String,
        /// The other people: the first few, and how many more there are.
        others: Vec<String>,
    },
    /// Two or more people in SmartHR have this code.
    DuplicateCode {
        /// The code.
        code: String,
        /// The other people: the first few, and how many more there are.
        others: Vec<String>,
    },
    /// The address belongs to another user who keeps it.
    EmailTaken {
        /// That user's name.
        by: String,
    },
    /// The code belongs to another user who keeps it.
    CodeTaken {
        /// That user's name.
        by: String,
    },
    /// A user added by hand has one of the identifiers, but another value for the other one.
    IdentifiersDisagree {
        /// That user's name.
        user: String,
    },
    /// More people exchange their addresses or codes in one circle than one write can hold.
    CircleTooLarge {
        /// How many.
        people: usize,
    },
    /// Without them nobody could manage the workspace any more.
    LastSystemAdministrator,
}

impl Failure {
    /// A word for metrics, and what decides whether admins were told of this already.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoName => "no_name",
            Self::InvalidEmail { .. } => "invalid_email",
            Self::DomainNotAllowed { .. } => "domain_not_allowed",
            Self::InvalidCode { .. } => "invalid_code",
            Self::CodeTooLong => "code_too_long",
            Self::SeatsExceeded { .. } => "seats_exceeded",
            Self::NeitherEmailNorCode => "neither_email_nor_code",
            Self::SsoWithoutEmail => "sso_without_email",
            Self::SsoNotConfigured => "sso_not_configured",
            Self::DuplicateEmail { .. } => "duplicate_email",
            Self::DuplicateCode { .. } => "duplicate_code",
            Self::EmailTaken { .. } => "email_taken",
            Self::CodeTaken { .. } => "code_taken",
            Self::IdentifiersDisagree { .. } => "identifiers_disagree",
            Self::CircleTooLarge { .. } => "circle_too_large",
            Self::LastSystemAdministrator => "last_system_administrator",
        }
    }

    /// 原因
    pub fn cause(&self) -> String {
        match self {
            Self::NoName => "氏名が登録されていません".into(),
            Self::InvalidEmail { email } => {
                format!("従業員メールアドレスの形式が不正です({email})")
            }
            Self::DomainNotAllowed { domain } => format!(
                "従業員メールアドレスのドメインがKiteRaの設定で許可されていません({domain})"
            ),
            Self::InvalidCode { code } => format!(
                "従業員コードの形式が不正です(半角英数字・ハイフン以外の文字が含まれている: {code})"
            ),
            Self::CodeTooLong => format!("従業員コードが長すぎます(上限{LONGEST_CODE}文字)"),
            Self::SeatsExceeded { seats } => {
                format!("KiteRaで契約しているプランのユーザー数を超過しています(上限{seats}人)")
            }
            Self::NeitherEmailNorCode => "メールアドレスも従業員コードも登録されていません".into(),
            Self::SsoWithoutEmail => {
                "認証方法がSSOですが、メールアドレスが登録されていません".into()
            }
            Self::SsoNotConfigured => {
                "認証方法がSSOですが、ワークスペースのSSOが設定されていません".into()
            }
            Self::DuplicateEmail { email, others } => format!(
                "メールアドレスが重複しています({email}: {})",
                others.join("、")
            ),
            Self::DuplicateCode { code, others } => {
                format!(
                    "従業員コードが重複しています({code}: {})",
                    others.join("、")
                )
            }
            Self::EmailTaken { by } => {
                format!("メールアドレスを別のユーザーが使用しています({by})")
            }
            Self::CodeTaken { by } => format!("従業員コードを別のユーザーが使用しています({by})"),
            Self::IdentifiersDisagree { user } => format!(
                "メールアドレスと従業員コードの一方だけが既存のユーザーと一致しています({user})"
            ),
            Self::CircleTooLarge { people } => format!(
                "メールアドレスまたは従業員コードを{people}人の間で入れ替えるため、一度に処理できません"
            ),
            Self::LastSystemAdministrator => "最後のシステム管理者のため、削除できません".into(),
        }
    }

    /// 対処
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoName => "SmartHRで氏名を登録してください",
            Self::InvalidEmail { .. } => "SmartHRで従業員のメールアドレスを修正してください",
            Self::DomainNotAllowed { .. } => {
                "SmartHRのメールアドレスを修正するか、KiteRaの許可ドメインに追加してください"
            }
            Self::InvalidCode { .. } => {
                "SmartHRの社員番号を半角英数字とハイフンのみに修正してください"
            }
            Self::CodeTooLong => "SmartHRの社員番号を短くしてください",
            Self::SeatsExceeded { .. } => {
                "不要なユーザーを削除するか、プランのユーザー数を追加してください"
            }
            Self::NeitherEmailNorCode => "SmartHRでメールアドレスまたは社員番号を登録してください",
            Self::SsoWithoutEmail => {
                "SmartHRでメールアドレスを登録するか、認証方法をパスワードにしてください"
            }
            Self::SsoNotConfigured => {
                "ワークスペースのSSOを設定するか、認証方法をパスワードにしてください"
            }
            Self::DuplicateEmail { .. } => {
                "SmartHRで重複しているメールアドレスのどちらかを修正してください"
            }
            Self::DuplicateCode { .. } => {
                "SmartHRで重複している社員番号のどちらかを修正してください"
            }
            Self::EmailTaken { .. } => {
                "SmartHRで従業員を登録し直した場合は、KiteRaの[ユーザー管理]で該当ユーザーの[SmartHRとの紐付けを解除]をクリックしてください。次回の同期で、新しい従業員情報に紐付けられます。別人の場合は、SmartHRのメールアドレスを修正してください"
            }
            Self::CodeTaken { .. } => {
                "SmartHRで従業員を登録し直した場合は、KiteRaの[ユーザー管理]で該当ユーザーの[SmartHRとの紐付けを解除]をクリックしてください。次回の同期で、新しい従業員情報に紐付けられます。別人の場合は、SmartHRの社員番号を修正してください"
            }
            Self::IdentifiersDisagree { .. } => {
                "同一人物であれば、KiteRaの該当ユーザーのメールアドレスと従業員コードをSmartHRに合わせてください"
            }
            Self::CircleTooLarge { .. } => {
                "一部の従業員の値を一時的に空にして同期した後、正しい値に変更してください"
            }
            Self::LastSystemAdministrator => "別のユーザーの役割をシステム管理者に変更してください",
        }
    }
}

/// Why a whole run changed nothing, or stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunFailure {
    /// The workspace is not linked to SmartHR.
    NotLinked,
    /// SmartHR refused our token and its refresh.
    TokenRefused,
    /// SmartHR did not answer, or answered with errors, as long as we tried.
    SmartHrDown,
    /// SmartHR says that it is in maintenance.
    SmartHrMaintenance,
    /// SmartHR refuses the request itself.
    SmartHrForbidden,
    /// The list of people could not be read whole.
    ReadNotWhole {
        /// How many people SmartHR says there are.
        expected: u64,
        /// How many different ones came.
        got: u64,
    },
    /// Something that most people had is suddenly missing: a permission was taken away.
    PermissionLost {
        /// Which attribute.
        field: SmartHrField,
    },
    /// The list changed with every page that was read, however often it was read again.
    ReadUnsteady,
    /// The saved settings use our custom items, and they cannot be read.
    ItemsHidden,
    /// Somebody had deleted our custom items in SmartHR; they were made again, and nobody was
    /// changed on the strength of empty ones.
    ItemsMadeAgain,
    /// SmartHR says something that we do not understand, and do not guess at.
    UnknownData,
    /// The sync was switched off, or the link undone, while the run was under way.
    Stopped,
    /// It ended before its time, and not all that it did can be read any more.
    RowsUnreadable,
    /// It did all it could, but its log could not be kept.
    LogNotKept,
    /// Our own side did not work.
    Internal,
}

/// An attribute of SmartHR whose permission can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmartHrField {
    /// メールアドレス
    Email,
    /// 社員番号
    Code,
}

impl RunFailure {
    /// A word for logs and metrics, and what decides whether admins were told already.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotLinked => "not_linked",
            Self::TokenRefused => "token_refused",
            Self::SmartHrDown => "smarthr_down",
            Self::SmartHrMaintenance => "smarthr_maintenance",
            Self::SmartHrForbidden => "smarthr_forbidden",
            Self::ReadNotWhole { .. } => "read_not_whole",
            Self::PermissionLost {
                field: SmartHrField::Email,
            } => "permission_lost_email",
            Self::PermissionLost {
                field: SmartHrField::Code,
            } => "permission_lost_code",
            Self::ReadUnsteady => "read_unsteady",
            Self::ItemsHidden => "items_hidden",
            Self::ItemsMadeAgain => "items_made_again",
            Self::UnknownData => "unknown_data",
            Self::Stopped => "stopped",
            Self::RowsUnreadable => "rows_unreadable",
            Self::LogNotKept => "log_not_kept",
            Self::Internal => "internal",
        }
    }

    /// 原因
    pub fn cause(&self) -> String {
        match self {
            Self::NotLinked => "SmartHRと連携されていません".into(),
            Self::TokenRefused => "SmartHRとの連携が無効になりました(再連携が必要です)".into(),
            Self::SmartHrDown => "SmartHRに接続できませんでした".into(),
            Self::SmartHrMaintenance => "SmartHRがメンテナンス中です".into(),
            Self::SmartHrForbidden => "SmartHRがKiteRaからのアクセスを許可していません".into(),
            Self::ReadNotWhole { expected, got } => {
                format!("SmartHRの従業員情報をすべて取得できませんでした({expected}人中{got}人)")
            }
            Self::PermissionLost {
                field: SmartHrField::Email,
            } => "SmartHRで多くの従業員のメールアドレスが取得できなくなりました".into(),
            Self::PermissionLost {
                field: SmartHrField::Code,
            } => "SmartHRで多くの従業員の社員番号が取得できなくなりました".into(),
            Self::ItemsHidden => "SmartHRの項目「連携対象」「認証方法」が取得できません".into(),
            Self::ReadUnsteady => {
                "取得中にSmartHRの従業員情報が変更され続けたため、すべてを取得できませんでした"
                    .into()
            }
            Self::ItemsMadeAgain => {
                "SmartHRの項目「連携対象」「認証方法」が削除されていたため、作成し直しました".into()
            }
            Self::UnknownData => {
                "SmartHRの従業員情報に、KiteRaが対応していない値が含まれています".into()
            }
            Self::Stopped => "連携の解除または同期の無効化により、同期が途中で終了しました".into(),
            Self::RowsUnreadable => {
                "KiteRaのシステムでエラーが発生し、同期が途中で終了しました。同期結果の一部は記録されていません"
                    .into()
            }
            Self::LogNotKept => {
                "同期は最後まで実行されましたが、KiteRaのシステムでエラーが発生し、同期ログを保存できませんでした"
                    .into()
            }
            Self::Internal => "KiteRaのシステムでエラーが発生しました".into(),
        }
    }

    /// 対処
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotLinked | Self::TokenRefused => {
                "[外部サービス連携]→[SmartHR]から[連携する]をクリックし、もう一度連携してください"
            }
            Self::SmartHrDown
            | Self::SmartHrMaintenance
            | Self::ReadNotWhole { .. }
            | Self::ReadUnsteady => {
                "次回の同期で自動的に再試行されます。急ぐ場合は時間をおいて「今すぐ同期」を実行してください"
            }
            Self::SmartHrForbidden | Self::PermissionLost { .. } | Self::ItemsHidden => {
                "SmartHRでKiteRaアプリの権限を確認してください"
            }
            Self::ItemsMadeAgain => {
                "SmartHRで従業員ごとに項目の値を設定してください。次回の同期から反映されます"
            }
            Self::UnknownData => {
                "SmartHRの項目「連携対象」「認証方法」の選択肢を変更した場合は元に戻してください。解決しない場合はサポートにお問い合わせください"
            }
            Self::RowsUnreadable => {
                "次回の同期で自動的に再試行されます。実行された変更は[ユーザー管理]でご確認ください"
            }
            Self::LogNotKept => {
                "実行された変更は[ユーザー管理]でご確認ください。失敗したユーザーは、次回の同期ログで原因を確認できます"
            }
            Self::Stopped => "再開するには、連携して[有効にする]にチェックを入れて保存してください",
            Self::Internal => {
                "自動的に再試行されます。繰り返す場合はサポートにお問い合わせください"
            }
        }
    }
}
