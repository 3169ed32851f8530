//! Why one person could not be synced: the cause and the remedy, in the words that an admin reads
//! in the history.

use serde::{Deserialize, Serialize};

use crate::people::MAX_CODE_LENGTH;
use crate::run_failure::SmartHrField;
use crate::text::one_line;
use crate::{CrewAttribute, EmployeeCode};

/// Why one person could not be synced. The others are synced, and the run is 「失敗」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Failure {
    /// No name part is filled.
    NoName,
    /// The e-mail address is malformed. Manual: 「従業員メールアドレスの形式が不正」.
    InvalidEmail {
        /// The address as SmartHR has it.
        email: String,
    },
    /// The workspace does not allow the domain of the address. Manual:
    /// 「従業員メールアドレスのドメインがKiteRaの設定で許可されていない」.
    DomainNotAllowed {
        /// The domain of the address.
        domain: String,
    },
    /// The employee code is malformed. Manual:
    /// 「従業員コードの形式が不正(半角英数字・ハイフン以外の文字が含まれている)」.
    InvalidCode {
        /// The code as SmartHR has it.
        code: String,
    },
    /// The code has more than 64 characters.
    CodeTooLong,
    /// No seat is free; invited people have one. Manual:
    /// 「KiteRaで契約しているプランのユーザー数を超過している」.
    SeatsExceeded {
        /// The number of users that the plan allows.
        seats: u32,
    },
    /// The person has neither an e-mail address nor an employee code.
    NeitherEmailNorCode,
    /// The person is to sign in by SSO, which tells people apart by e-mail, but has no address.
    SsoWithoutEmail,
    /// The person is to sign in by SSO, which is not configured in the workspace (any more).
    SsoNotConfigured,
    /// Two or more people in SmartHR have this address.
    DuplicateEmail {
        /// The address that they share.
        email: String,
        /// The other people: the first few, and how many more there are.
        others: Vec<String>,
    },
    /// Two or more people in SmartHR have this code.
    DuplicateCode {
        /// The code that they share.
        code: String,
        /// The other people: the first few, and how many more there are.
        others: Vec<String>,
    },
    /// The address belongs to another user who keeps it.
    EmailTaken {
        /// The name of the user who keeps the address.
        by: String,
    },
    /// The code belongs to another user who keeps it.
    CodeTaken {
        /// The name of the user who keeps the code.
        by: String,
    },
    /// A user added by hand has one of the identifiers, but another value for the other one.
    IdentifiersDisagree {
        /// The name of the user added by hand.
        user: String,
    },
    /// More people exchange their addresses or codes in one circle than one write can hold.
    CircleTooLarge {
        /// The number of people in the circle.
        people: usize,
    },
    /// The person is new and lacks what most people suddenly lack, so that nobody knows how they should sign in.
    FieldInQuestion {
        /// The attribute.
        field: SmartHrField,
    },
    /// SmartHR sent a value of the person's that is unknown to us.
    UnreadableInSmartHr {
        /// The attribute with the value.
        attribute: CrewAttribute,
    },
    /// The record of the person's user cannot be read: a mistake of ours.
    Internal,
    /// The person is the last システム管理者, without whom nobody could manage the workspace.
    LastSystemAdministrator,
    /// The person is the last システム管理者 who signs in by a password, and would change to SSO.
    LastWayIn,
}

impl Failure {
    /// Returns what is wrong with a code that is not well formed.
    pub(crate) fn of_malformed_code(code: &str) -> Self {
        if EmployeeCode::is_only_too_long(code) {
            Self::CodeTooLong
        } else {
            Self::InvalidCode { code: code.into() }
        }
    }

    /// Returns the code of the failure for metrics. Admins are not notified again of a code that
    /// they were mailed about recently.
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
            Self::FieldInQuestion { .. } => "field_in_question",
            Self::UnreadableInSmartHr { .. } => "unreadable_in_smarthr",
            Self::Internal => "internal",
            Self::LastSystemAdministrator => "last_system_administrator",
            Self::LastWayIn => "last_way_in",
        }
    }

    /// Returns 原因: the cause, in Japanese.
    pub fn cause(&self) -> String {
        match self {
            Self::NoName => "氏名が登録されていません".into(),
            Self::InvalidEmail { email } => {
                format!("従業員メールアドレスの形式が不正です({})", one_line(email))
            }
            Self::DomainNotAllowed { domain } => format!(
                "従業員メールアドレスのドメインがKiteRaの設定で許可されていません({domain})"
            ),
            Self::InvalidCode { code } => format!(
                "従業員コードの形式が不正です(半角英数字・ハイフン以外の文字が含まれている: {})",
                one_line(code)
            ),
            Self::CodeTooLong => format!("従業員コードが長すぎます(上限{MAX_CODE_LENGTH}文字)"),
            Self::SeatsExceeded { seats } => {
                format!("KiteRaで契約しているプランのユーザー数を超過しています(上限{seats}名)")
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
                "多くの方の間でメールアドレスまたは従業員コードを入れ替えるため、一度に処理できません({people}名)"
            ),
            Self::FieldInQuestion { field } => format!(
                "多くの従業員の{}が取得できなくなったため、登録を保留しています",
                field.label()
            ),
            Self::UnreadableInSmartHr { attribute } => format!(
                "SmartHRの従業員情報に、KiteRaが対応していない値が含まれています({})",
                attribute.label()
            ),
            Self::Internal => {
                "KiteRaのシステムでエラーが発生しました(当社側の内部エラーです)".into()
            }
            Self::LastSystemAdministrator => "最後のシステム管理者のため、削除できません".into(),
            Self::LastWayIn => "パスワードでログインできる最後のシステム管理者のため、認証方法をSSOに変更できません".into(),
        }
    }

    /// Returns 対処: what an admin can do about it, in Japanese.
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
            Self::FieldInQuestion { .. } => {
                "[ユーザー同期履歴]で保留中の変更を確認し、許可または拒否してください。すべて回答した後の同期で登録されます"
            }
            Self::UnreadableInSmartHr { .. } => {
                "SmartHRで該当の項目を確認してください。解決しない場合はサポートにお問い合わせください"
            }
            Self::Internal => {
                "設定を変更する必要はありません。当社で復旧した後、次回の同期で再試行されます"
            }
            Self::LastSystemAdministrator => "別のユーザーの役割をシステム管理者に変更してください",
            Self::LastWayIn => {
                "[ユーザー管理]で、パスワードでログインできるシステム管理者を「緊急用アカウント」にしてください"
            }
        }
    }
}
