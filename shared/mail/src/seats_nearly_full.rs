//! The mail about seats that are nearly taken (`MailKind::SeatsNearlyFull`).

use domain::SeatsInUse;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// A workspace of which at least 90 % of the seats are taken.
#[derive(Clone, Debug)]
pub struct SeatsNearlyFull<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// How many seats are taken.
    pub seats: SeatsInUse,
    /// The URL of the page ご契約.
    pub contract_url: &'a str,
}

impl SeatsNearlyFull<'_> {
    /// Builds the mail to those who were chosen, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "プランのユーザー数の90%以上を使用しています",
            message: "ユーザー数がプランの上限に達すると、新しい方を登録できなくなります。",
            emphasis: "",
            facts: &[Fact::ours("使用中のユーザー数", self.seats.to_string())],
            request: "次のページで使用状況をご確認のうえ、プランのユーザー数を変更するか、利用しなくなった方を削除してください。",
            url_apart: true,
            url: self.contract_url,
            note: None,
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_says_how_many_seats_are_taken_and_where_to_look() {
        let full = SeatsNearlyFull {
            workspace_name: MailName::new("みどり商事"),
            seats: SeatsInUse {
                used: 18,
                contracted: 20,
            },
            contract_url: "https://app.kitera.example/settings/contract",
        };
        let mail = full.mail("no-reply@kitera.example", &[]).unwrap();
        mail.assert_both_parts_contain(&["みどり商事", "18名 / 20名", full.contract_url]);
    }
}
