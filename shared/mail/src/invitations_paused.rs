//! The mail about paused invitation mails (`MailKind::InvitationsPaused`).

use domain::{InvitationPause, PauseReason, time};

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// Invitation mails that wait because too many before them bounced or were reported as spam.
#[derive(Clone, Debug)]
pub struct InvitationsPaused<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// Since when and why they wait.
    pub pause: &'a InvitationPause,
    /// The URL of [ユーザー管理], where the invitations that did not arrive are marked.
    pub users_url: &'a str,
}

impl InvitationsPaused<'_> {
    /// Builds the mail to the admins, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let InvitationPause {
            since,
            reason,
            mails,
        } = self.pause;
        let (message, count, request) = match reason {
            PauseReason::Bounces => (
                "宛先に届かない招待メールが多いため、",
                format!(
                    "{}通のうち{}通が届きませんでした",
                    mails.sent, mails.bounced
                ),
                "次のページで招待メールが届かなかった方のメールアドレスをご確認のうえ、SmartHRで修正してください。",
            ),
            PauseReason::Complaints => (
                "迷惑メールとして報告された招待メールが多いため、",
                format!(
                    "{}通のうち{}通が迷惑メールとして報告されました",
                    mails.sent, mails.complained
                ),
                "次のページで招待した方をご確認のうえ、KiteRaから招待メールが届くことを事前にお知らせください。",
            ),
        };
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "招待メールの送信を一時停止しました",
            message,
            emphasis: "招待メールの送信を一時停止しました。",
            facts: &[
                Fact::ours("停止した日時", time::japanese_date_and_time(*since)),
                Fact::ours("理由", count),
            ],
            request,
            url_apart: true,
            url: self.users_url,
            note: Some(
                "ご対応いただいた後、サポートにご連絡ください。送信を再開すると、停止中の招待メールも送信されます。システム管理者と管理者への招待メール、およびお知らせのメールは、停止中も送信されます。",
            ),
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use domain::InvitationMails;

    use super::*;

    #[test]
    fn the_admins_read_why_invitations_wait_and_what_to_do() {
        for (reason, why) in [
            (PauseReason::Bounces, "200通のうち12通が届きませんでした"),
            (
                PauseReason::Complaints,
                "200通のうち3通が迷惑メールとして報告されました",
            ),
        ] {
            let pause = InvitationPause {
                since: "2026-11-24T17:00:00Z".parse().unwrap(),
                reason,
                mails: InvitationMails {
                    sent: 200,
                    bounced: 12,
                    complained: 3,
                },
            };
            let mail = InvitationsPaused {
                workspace_name: MailName::new("みどり食品"),
                pause: &pause,
                users_url: "https://app.kitera.example/users",
            }
            .mail("no-reply@kitera.example", &[])
            .unwrap();
            assert!(mail.subject.ends_with("招待メールの送信を一時停止しました"));
            let when = "2026年11月25日 02:00(日本時間)";
            let url = "https://app.kitera.example/users";
            mail.assert_both_parts_contain(&[why, when, url, "サポート", "停止中の招待メールも"]);
        }
    }
}
