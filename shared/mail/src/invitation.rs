//! The mail with the URL where a user sets a password (`MailKind::Invitation`): 招待, 再招待, or a request
//! to set a password.

use askama::Template;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::company_text::CompanyText;
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use domain::time;

/// Why the user gets the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationKind {
    /// 招待: the user is new in the workspace.
    Invitation,
    /// 再招待: the last URL expired, or the user's data changed since.
    Reinvitation,
    /// The user is registered but has no password: the login method changed from SSO to パスワード, or an
    /// initial password expired.
    SetPassword,
    /// The user is the first システム管理者 of the workspace, whom no run invites again.
    FirstSystemAdministrator,
}

/// The invitation of one user. Its `Debug` output does not show the URL.
#[derive(Clone, Debug)]
pub struct Invitation<'a> {
    /// Why the user gets the URL.
    pub kind: InvitationKind,
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The company code of the workspace, which somebody with several workspaces signs in with.
    pub company_code: &'a str,
    /// The name of the user.
    pub person_name: MailName,
    /// The URL where the user sets a password; it contains the secret.
    pub url: &'a SecretString,
    /// The time at which the URL expires.
    pub valid_until: Timestamp,
    /// Whether the last nightly run before then sends a new one.
    pub comes_again: bool,
    /// Whether the user came from SmartHR.
    pub from_smarthr: bool,
    /// Where the user signs in later.
    pub sign_in_url: &'a str,
    /// Whom the user may ask about the mail; `None` for the システム管理者.
    pub contact: Option<CompanyText>,
    /// A sentence of the company; `None` for none.
    pub message: Option<CompanyText>,
}

#[derive(Template)]
#[template(path = "invitation.txt")]
struct Text<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Html<'a> {
    page: &'a Page<'a>,
}

struct Page<'a> {
    workspace_name: &'a MailName,
    company_code: &'a str,
    person_name: &'a MailName,
    reason: &'static str,
    /// Who asked for the mail, and why now.
    asked_by: String,
    message: Option<&'a CompanyText>,
    url: &'a str,
    valid_until: String,
    when_expired: &'static str,
    sign_in_url: &'a str,
    contact: String,
}

impl Invitation<'_> {
    /// Builds the mail to the user.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &str) -> Result<Mail, MailError> {
        let page = Page {
            workspace_name: &self.workspace_name,
            company_code: self.company_code,
            person_name: &self.person_name,
            reason: self.kind.reason(),
            asked_by: self.asked_by(),
            message: self.message.as_ref(),
            url: self.url.expose_secret(),
            valid_until: time::japanese_date_and_time(self.valid_until),
            when_expired: self.when_expired(),
            sign_in_url: self.sign_in_url,
            contact: self.contact(),
        };
        Ok(Mail {
            from: from.to_owned(),
            to: vec![to.to_owned()],
            subject: self.subject(),
            text: Text { page: &page }.render()?,
            html: Html { page: &page }.render()?,
            attachments: Vec::new(),
        })
    }

    /// Returns the subject: what to do, and until when.
    fn subject(&self) -> String {
        let workspace = &self.workspace_name;
        let what = match self.kind {
            InvitationKind::Invitation | InvitationKind::FirstSystemAdministrator => {
                format!("{workspace}への招待")
            }
            InvitationKind::Reinvitation => format!("{workspace}への再招待"),
            InvitationKind::SetPassword => workspace.to_string(),
        };
        let until = time::japanese_day_and_time(self.valid_until);
        format!("【KiteRa】{what}: {until}までにパスワードを設定してください")
    }

    /// Returns who asked for the mail, and why now.
    fn asked_by(&self) -> String {
        let workspace = &self.workspace_name;
        match self.kind {
            InvitationKind::FirstSystemAdministrator => {
                format!("{workspace}からのお申し込みにより、お送りしています。")
            }
            _ if self.from_smarthr => format!(
                "{workspace}の管理者が、SmartHR(人事労務システム)の従業員の情報をKiteRaに連携しているため、お送りしています。"
            ),
            _ => format!("{workspace}の管理者の操作により、お送りしています。"),
        }
    }

    /// Returns whom to ask.
    fn contact(&self) -> String {
        match (&self.contact, self.kind) {
            (_, InvitationKind::FirstSystemAdministrator) => "KiteRaの担当者".to_owned(),
            (Some(contact), _) => contact.to_string(),
            (None, _) => "所属企業のシステム管理者".to_owned(),
        }
    }

    /// Returns what happens when the URL expires, in Japanese.
    ///
    /// Manual:
    /// 「72時間超えても登録されない場合はリンクが無効になり、午前2時の同期の際に自動で再招待メールが送信されます。」
    fn when_expired(&self) -> &'static str {
        match self.kind {
            InvitationKind::FirstSystemAdministrator => {
                "有効期限を過ぎた場合は、下記にお問い合わせください。"
            }
            _ if self.comes_again => {
                "有効期限までに登録されない場合は、午前2時の同期の際に、新しいリンクを自動でお送りします(このリンクは使用できなくなります)。届かない場合は、下記にお問い合わせください。"
            }
            _ => "有効期限を過ぎた場合は、下記にお問い合わせください。",
        }
    }
}

impl InvitationKind {
    fn reason(self) -> &'static str {
        match self {
            Self::Invitation => "KiteRaに招待されました。",
            Self::Reinvitation => {
                "KiteRaにあらためて招待されました。以前のメールに記載されたリンクは無効になりました。"
            }
            Self::SetPassword => "KiteRaにログインするには、パスワードの設定が必要です。",
            Self::FirstSystemAdministrator => "KiteRaのシステム管理者として招待されました。",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static URL: LazyLock<SecretString> =
        LazyLock::new(|| "https://kitera.example/invitations/abc.def-_".into());

    fn invitation<'a>(kind: InvitationKind) -> Invitation<'a> {
        Invitation {
            kind,
            workspace_name: MailName::new("みどり商事"),
            company_code: "MIDORI",
            person_name: MailName::new("田中 花子"),
            url: &URL,
            valid_until: "2026-11-24T17:00:00Z".parse().unwrap(),
            comes_again: true,
            from_smarthr: true,
            sign_in_url: "https://kitera.example/sign-in",
            contact: None,
            message: None,
        }
    }

    fn mail(invitation: &Invitation<'_>) -> Mail {
        let mail = invitation.mail("no-reply@kitera.example", "hanako@example.com");
        mail.unwrap()
    }

    #[test]
    fn an_invitation_names_workspace_company_code_person_url_and_validity_in_both_parts() {
        let mail = mail(&invitation(InvitationKind::Invitation));
        assert_eq!(
            mail.subject,
            "【KiteRa】みどり商事への招待: 11月25日 02:00までにパスワードを設定してください"
        );
        mail.assert_both_parts_contain(&[
            "みどり商事",
            "企業コード: MIDORI",
            "田中 花子 様",
            "KiteRaに招待されました。",
            "https://kitera.example/invitations/abc.def-_",
            "2026年11月25日 02:00(日本時間)",
            "午前2時の同期の際に",
        ]);
    }

    #[test]
    fn a_reinvitation_says_that_the_old_link_is_dead() {
        let mail = mail(&invitation(InvitationKind::Reinvitation));
        assert!(mail.subject.starts_with("【KiteRa】みどり商事への再招待: "));
        mail.assert_both_parts_contain(&["以前のメールに記載されたリンクは無効"]);
    }

    #[test]
    fn who_is_registered_without_a_password_is_asked_to_set_one() {
        let mail = mail(&invitation(InvitationKind::SetPassword));
        assert_eq!(
            mail.subject,
            "【KiteRa】みどり商事: 11月25日 02:00までにパスワードを設定してください"
        );
        mail.assert_both_parts_contain(&["パスワードの設定が必要です"]);
    }

    #[test]
    fn a_new_link_is_promised_only_to_those_whom_the_sync_looks_after() {
        for kind in [InvitationKind::Invitation, InvitationKind::SetPassword] {
            assert!(mail(&invitation(kind)).text.contains("午前2時の同期の際に"));
            let unlinked = mail(&Invitation {
                comes_again: false,
                ..invitation(kind)
            });
            assert!(!unlinked.text.contains("午前2時"));
            unlinked.assert_both_parts_contain(&["過ぎた場合は、下記にお問い合わせください"]);
        }
    }

    #[test]
    fn a_suspicious_reader_learns_what_kitera_is_who_asked_and_whom_to_ask() {
        mail(&invitation(InvitationKind::Invitation)).assert_both_parts_contain(&[
            "KiteRa(キテラ)は、みどり商事が社内規程の管理に使用しているサービスです",
            "みどり商事の管理者が、SmartHR(人事労務システム)の従業員の情報をKiteRaに連携しているため",
            "お問い合わせ先: 所属企業のシステム管理者",
            "https://kitera.example/sign-in",
        ]);
        let by_hand = Invitation {
            from_smarthr: false,
            contact: Some(CompanyText::new("人事部 内線1234")),
            message: Some(CompanyText::new("就業規則を確認できるようになりました")),
            ..invitation(InvitationKind::Invitation)
        };
        mail(&by_hand).assert_both_parts_contain(&[
            "みどり商事の管理者の操作により",
            "お問い合わせ先: 人事部 内線1234",
            "「就業規則を確認できるようになりました」",
        ]);
        let first = mail(&Invitation {
            kind: InvitationKind::FirstSystemAdministrator,
            ..by_hand
        });
        first.assert_both_parts_contain(&["お申し込みにより", "お問い合わせ先: KiteRaの担当者"]);
        assert!(!first.text.contains("人事部"));
    }

    #[test]
    fn the_preview_in_the_inbox_says_what_to_do_until_when() {
        let mail = mail(&invitation(InvitationKind::Invitation));
        let (_, body) = mail.html.split_once("<body").unwrap();
        let (before, _) = body.split_once("田中 花子").unwrap();
        assert!(
            before.contains("2026年11月25日 02:00(日本時間)までに、パスワードを設定してください")
        );
    }

    #[test]
    fn a_name_is_text_in_html_and_one_line_in_the_text() {
        let mail = mail(&Invitation {
            workspace_name: MailName::new("<script>alert(1)</script>&"),
            person_name: MailName::new("花子\r\n\r\n偽のリンク http://evil.example"),
            ..invitation(InvitationKind::Invitation)
        });
        assert!(!mail.html.contains("<script>"));
        assert!(mail.html.contains("&#60;script&#62;"));
        assert!(mail.text.contains("<script>alert(1)<／script>&"));
        assert!(!mail.text.contains("\n偽のリンク"));
        assert!(!mail.text.contains("evil.example") && !mail.html.contains("evil.example"));
        assert!(!mail.subject.contains(['\r', '\n']));
    }

    #[test]
    fn the_html_loads_nothing_from_elsewhere() {
        let mail = mail(&invitation(InvitationKind::Invitation));
        for loading in ["<img", "<script", "<link", "url(", "@import"] {
            assert!(!mail.html.contains(loading));
        }
    }

    #[test]
    fn debug_output_shows_no_url() {
        let invitation = invitation(InvitationKind::Invitation);
        assert!(!format!("{invitation:?}").contains("abc"));
    }
}
