//! The mail about a deleted admin (`MailKind::AdministratorDeleted`).

use domain::{Role, time};
use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// A システム管理者 or 管理者 who retired in SmartHR and was deleted by a run.
#[derive(Clone, Debug)]
pub struct AdministratorDeleted<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// 氏名 of the deleted user.
    pub name: MailName,
    /// 役割 of the deleted user.
    pub role: Role,
    /// The time of the deletion.
    pub deleted_at: Timestamp,
    /// The end of the 30 days within which the user can be restored.
    pub restorable_until: Timestamp,
    /// The URL of the page where deleted users are restored.
    pub restore_url: &'a str,
}

impl AdministratorDeleted<'_> {
    /// Builds the mail to the システム管理者, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "退職した管理者のユーザーを削除しました",
            message: "SmartHRで退職となったため、",
            emphasis: "システム管理者または管理者のユーザーを削除しました。",
            facts: &[
                Fact::name("氏名", &self.name),
                Fact::ours("役割", self.role.label()),
                Fact::ours("削除日時", time::japanese_date_and_time(self.deleted_at)),
                Fact::ours(
                    "復元できる期限",
                    time::japanese_date_and_time(self.restorable_until),
                ),
            ],
            request: "お心当たりがない場合は、次のページで[復元する]をクリックし、SmartHRとの連携先をご確認ください。",
            url_apart: true,
            url: self.restore_url,
            note: None,
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_names_who_was_deleted_and_until_when_they_can_be_restored() {
        let mail = AdministratorDeleted {
            workspace_name: MailName::new("みどり食品"),
            name: MailName::new("佐藤 一郎"),
            role: Role::Administrator,
            deleted_at: "2026-11-24T17:00:00Z".parse().expect("timestamp"),
            restorable_until: "2026-12-24T17:00:00Z".parse().expect("timestamp"),
            restore_url: "https://app.kitera.example/deleted",
        }
        .mail("no-reply@kitera.example", &["admin@example.com".into()])
        .expect("a mail");
        for text in [&mail.text, &mail.html] {
            for part in ["佐藤 一郎", "管理者", "2026年12月25日", "[復元する]"] {
                assert!(text.contains(part), "{part} in {text}");
            }
        }
    }
}
