//! The mail with the URL that proves an address which an admin wants for their own account
//! (`MailKind::AddressProof`).

use domain::time;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use crate::person_notice::PersonNotice;

/// An address to be proven. Its `Debug` output does not show the URL.
#[derive(Clone, Debug)]
pub struct AddressProof<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The name of the admin.
    pub person_name: MailName,
    /// The URL that proves the address; it contains the secret.
    pub url: &'a SecretString,
    /// The time at which the URL expires.
    pub valid_until: Timestamp,
}

impl AddressProof<'_> {
    /// Builds the mail to the new address.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &str) -> Result<Mail, MailError> {
        let until = time::japanese_date_and_time(self.valid_until);
        PersonNotice {
            workspace_name: &self.workspace_name,
            person_name: &self.person_name,
            subject: "メールアドレスの確認",
            message: &format!(
                "{}のKiteRaで、メールアドレスをこのアドレスに変更する手続きが行われました。KiteRaにログインしているブラウザーで下のリンクを開き、[変更する]をクリックしてください。",
                self.workspace_name
            ),
            button: "メールアドレスを確認する",
            url: self.url.expose_secret(),
            notes: &[
                &format!("有効期限: {until}"),
                "変更が完了するまでは、これまでのメールアドレスでログインできます。新しい確認メールが届いた場合は、このリンクは無効になります。",
                "お心当たりのない場合は、このメールを削除してください。メールアドレスは変わりません。",
            ],
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_names_url_and_validity_and_hides_the_url_from_logs() {
        let proof = AddressProof {
            workspace_name: MailName::new("みどり商事"),
            person_name: MailName::new("田中 花子"),
            url: &"https://kitera.example/users/address-changes/abc".into(),
            valid_until: "2026-11-24T17:00:00Z".parse().unwrap(),
        };
        assert!(!format!("{proof:?}").contains("abc"));
        let mail = proof.mail("no-reply@kitera.example", "hanako@example.com");
        mail.unwrap().assert_both_parts_contain(&[
            "https://kitera.example/users/address-changes/abc",
            "有効期限: 2026年11月25日 02:00(日本時間)",
        ]);
    }
}
