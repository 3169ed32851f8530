//! What several people are sent at once.

use domain::text::people as number_of_people;

/// A mail that several people are sent at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::users) enum BulkMail {
    Invitation,
    PasswordReset,
    InitialPassword,
}

impl BulkMail {
    /// Returns the value in the page's address.
    pub(super) fn wire_name(self) -> &'static str {
        match self {
            Self::Invitation => "invited",
            Self::PasswordReset => "reset",
            Self::InitialPassword => "issued",
        }
    }

    /// Returns the notice that the mail was sent to this many people.
    pub(in crate::pages::users) fn notice(self, people: usize) -> String {
        let people = number_of_people(people);
        match self {
            Self::Invitation => format!("{people}に招待メールを送信しました。"),
            Self::PasswordReset => format!("{people}にパスワード再設定メールを送信しました。"),
            Self::InitialPassword => format!(
                "{people}の初期パスワードを再発行し、システム管理者にメールでお知らせしました。"
            ),
        }
    }
}
