//! What is wrong with a line, and what to do about it.

use serde::{Deserialize, Serialize};

use super::file::LineFault;
use crate::error::AccountError;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineProblem {
    /// A cell has several lines.
    LineBreak,
    /// There are more cells than columns.
    TooManyCells,
    /// The same address stands in an earlier line, with this number.
    SameEmailAs(u32),
    /// The same code stands in an earlier line, with this number.
    SameCodeAs(u32),
    /// There is no such 役割.
    UnknownRole(String),
    /// The workspace has no such group.
    UnknownGroup(String),
    /// A group of the line was deleted since.
    GroupDeleted,
    /// There is neither address nor code.
    NoIdentifier,
    /// The address is malformed.
    InvalidEmail,
    /// The code is malformed.
    InvalidEmployeeCode,
    /// The name is missing or too long.
    InvalidName,
    /// New addresses of this domain are not allowed.
    DomainNotAllowed,
    /// A user has the address.
    EmailTaken,
    /// A user has the code.
    EmployeeCodeTaken,
    /// Nobody is システム管理者 before they have come in.
    SystemAdministrator,
    /// All seats of the plan are taken.
    NoSeat,
    /// Nobody would get the mail with the initial password.
    NoRecipient,
    /// The workspace's invitation mails are paused.
    InvitationsPaused,
    /// The workspace sent as many invitation mails today as it may: this number.
    TooManyInvitationsToday(u32),
}

impl LineProblem {
    /// Returns what an error means for the line of the person whom it is about.
    ///
    /// # Errors
    /// The error, if it is about no person.
    pub(super) fn of(error: AccountError) -> Result<Self, AccountError> {
        use AccountError as E;
        Ok(match error {
            E::NoIdentifier => Self::NoIdentifier,
            E::InvalidEmail => Self::InvalidEmail,
            E::InvalidEmployeeCode => Self::InvalidEmployeeCode,
            E::InvalidName => Self::InvalidName,
            E::DomainNotAllowed => Self::DomainNotAllowed,
            E::EmailTaken => Self::EmailTaken,
            E::EmployeeCodeTaken => Self::EmployeeCodeTaken,
            E::RoleOfSystemAdministrator | E::NotRegisteredYet => Self::SystemAdministrator,
            E::UnknownGroup => Self::GroupDeleted,
            E::NoRecipient => Self::NoRecipient,
            E::InvitationsPaused => Self::InvitationsPaused,
            E::TooManyInvitationsToday(most) => Self::TooManyInvitationsToday(most),
            other => return Err(other),
        })
    }

    /// Returns what is wrong, as the admin reads it.
    pub fn sentence(&self) -> String {
        use AccountError as E;
        match self {
            Self::LineBreak => "値の中に改行があります。".into(),
            Self::TooManyCells => "見出しより多くの値があります。".into(),
            Self::SameEmailAs(line) => format!("{line}行目と同じメールアドレスです。"),
            Self::SameCodeAs(line) => format!("{line}行目と同じ社員番号です。"),
            Self::UnknownRole(typed) => format!("役割「{typed}」はありません。"),
            Self::UnknownGroup(typed) => format!("グループ「{typed}」はありません。"),
            Self::GroupDeleted => "グループが削除されています。".into(),
            Self::NoIdentifier => "メールアドレスも社員番号も入力されていません。".into(),
            Self::InvalidEmail => E::InvalidEmail.to_string(),
            Self::InvalidEmployeeCode => "社員番号の形式が正しくありません。".into(),
            Self::InvalidName => "氏名が入力されていないか、長すぎます。".into(),
            Self::DomainNotAllowed => E::DomainNotAllowed.to_string(),
            Self::EmailTaken => E::EmailTaken.to_string(),
            Self::EmployeeCodeTaken => "この社員番号は別のユーザーが使用しています。".into(),
            Self::SystemAdministrator => E::NotRegisteredYet.to_string(),
            Self::NoSeat => "KiteRaで契約しているプランのユーザー数を超過しています。".into(),
            Self::NoRecipient => E::NoRecipient.to_string(),
            Self::InvitationsPaused => {
                "届かない招待メールなどが多いため、招待メールの送信を一時停止しています。".into()
            }
            Self::TooManyInvitationsToday(most) => {
                format!("招待メールの本日の上限({most}通)に達しています。")
            }
        }
    }

    /// Returns what the admin can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::LineBreak => {
                "値の中の改行を削除してください。「\"」が閉じられていない可能性もあります。"
            }
            Self::TooManyCells => {
                "「,」を含む値は「\"」で囲んでください。余分な値は削除してください。"
            }
            Self::SameEmailAs(_) | Self::SameCodeAs(_) => {
                "1名につき1行になるように、どちらかの行を削除または修正してください。"
            }
            Self::UnknownRole(_) => {
                "「管理者」「担当者」「メンバー」のいずれかを入力してください。空欄の場合は「メンバー」になります。"
            }
            Self::UnknownGroup(_) | Self::GroupDeleted => {
                "ワークスペース設定の[グループ]にある名前を入力してください。複数の場合は「;」で区切ってください。"
            }
            Self::NoIdentifier => "メールアドレスまたは社員番号を入力してください。",
            Self::InvalidEmail => "メールアドレスを修正してください。",
            Self::InvalidEmployeeCode => "半角英数字とハイフンで、64文字以内で入力してください。",
            Self::InvalidName => {
                "1文字以上100文字以内で入力してください。社員番号で登録する方には、氏名が必要です。"
            }
            Self::DomainNotAllowed => {
                "メールアドレスを修正するか、ワークスペース設定の[ドメイン制限]で許可ドメインに追加してください。"
            }
            Self::EmailTaken | Self::EmployeeCodeTaken => {
                "登録済みの方の行は削除してください。内容を変更する場合は、[ユーザー管理]で編集してください。"
            }
            Self::SystemAdministrator => {
                "ほかの役割で招待し、登録が完了してから、システム管理者が[ユーザー管理]で変更してください。"
            }
            Self::NoSeat => {
                "不要なユーザーを削除するか、プランのユーザー数の追加をサポートにご相談ください。"
            }
            Self::NoRecipient => {
                "システム管理者のメールアドレスを登録してから、もう一度アップロードしてください。"
            }
            Self::InvitationsPaused => {
                "届かなかったメールアドレスを修正のうえ、サポートにお問い合わせください。"
            }
            Self::TooManyInvitationsToday(_) => "明日、もう一度アップロードしてください。",
        }
    }
}

impl From<LineFault> for LineProblem {
    fn from(fault: LineFault) -> Self {
        match fault {
            LineFault::LineBreak => Self::LineBreak,
            LineFault::TooManyCells => Self::TooManyCells,
        }
    }
}
