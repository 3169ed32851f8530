//! The mail about the certificate of an identity provider that ends soon (`MailKind::SamlCertificateEnds`).

use domain::time;
use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// A SAML identity provider whose last certificate ends soon.
#[derive(Clone, Debug)]
pub struct SamlCertificateEnds<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// When the certificate ends.
    pub ends_at: Timestamp,
    /// The Entity ID of the identity provider.
    pub entity_id: &'a str,
    /// The URL of the page シングルサインオン(SSO).
    pub settings_url: &'a str,
}

impl SamlCertificateEnds<'_> {
    /// Builds the mail to the システム管理者, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let day = time::japanese_date(self.ends_at);
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: &format!("SSOの証明書の有効期限は{day}です"),
            message: "シングルサインオン(SSO)に登録されているIDプロバイダーの証明書の有効期限が近づいています。",
            emphasis: "IDプロバイダーが新しい証明書に切り替えると、KiteRaに登録するまで、SSOではログインできなくなります。",
            facts: &[
                Fact::ours("有効期限", time::japanese_date_and_time(self.ends_at)),
                Fact::ours("IDプロバイダー", self.entity_id),
            ],
            request: "IDプロバイダーの管理画面で新しい証明書を用意し、そのメタデータを次のページに貼り付けて保存し、[接続テスト]を行ってください。切り替えまでの間は、古い証明書と新しい証明書の両方を登録できます。",
            url_apart: true,
            url: self.settings_url,
            note: Some("SSOでログインできなくなった場合は、緊急用アカウントのパスワードでログインできます。"),
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_says_when_the_certificate_ends_and_where_to_add_the_next_one() {
        let mail = SamlCertificateEnds {
            workspace_name: MailName::new("みどり商事"),
            ends_at: "2027-01-31T12:00:00Z".parse().unwrap(),
            entity_id: "https://idp.example/metadata",
            settings_url: "https://app.kitera.example/settings/single-sign-on",
        }
        .mail("no-reply@kitera.example", &["admin@example.com".into()])
        .unwrap();
        assert!(mail.subject.contains("有効期限は2027年1月31日です"));
        mail.assert_both_parts_contain(&[
            "2027年1月31日 21:00",
            "https://idp.example/metadata",
            "接続テスト",
            "https://app.kitera.example/settings/single-sign-on",
        ]);
    }
}
