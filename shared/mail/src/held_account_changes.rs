//! The mail about changes of admins' accounts (`MailKind::HeldAccountChanges`): システム管理者の承認を
//! 待っています.

use domain::report::FieldChange;
use domain::{AccountQuestion, SmartHrField, time};
use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::{MailName, unlinkable};
use crate::mime::{Mail, MailError};

/// Changes of admins' accounts that a run held until a システム管理者 answers.
#[derive(Clone, Debug)]
pub struct HeldAccountChanges<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The time at which the run started.
    pub started_at: Timestamp,
    /// The attribute that most people suddenly lack, if that is why.
    pub lost: Option<SmartHrField>,
    /// What is asked, one question per person.
    pub questions: &'a [AccountQuestion],
    /// How many more people wait than the questions are about.
    pub more: usize,
    /// The URL of the run, where a システム管理者 answers.
    pub run_url: &'a str,
}

impl HeldAccountChanges<'_> {
    /// Builds the mail to the システム管理者, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let started_at = time::japanese_date_and_time(self.started_at);
        let mut facts = vec![Fact::ours("同期の開始", started_at)];
        facts.extend(self.questions.iter().map(in_words));
        if self.more > 0 {
            let more = format!("{}名(回答後の同期で表示されます)", self.more);
            facts.push(Fact::ours("ほか", more));
        }
        let words = Words::of(self.lost);
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: words.subject,
            message: &words.message,
            emphasis: &format!(
                "{}名の変更を保留しました。",
                self.questions.len() + self.more
            ),
            facts: &facts,
            request: "内容にお心当たりがあるかをご確認のうえ、次のページで、変更を許可するか、拒否するかを選択してください。許可いただくまで、ログイン情報は変更されません。",
            url_apart: true,
            url: self.run_url,
            note: Some(words.note),
        }
        .mail(from, to)
    }
}

struct Words {
    subject: &'static str,
    message: String,
    note: &'static str,
}

impl Words {
    fn of(lost: Option<SmartHrField>) -> Self {
        match lost {
            None => Self {
                subject: "管理者のログイン情報の変更を保留しました",
                message: "SmartHRまたは同期の設定により、システム管理者または管理者のログイン情報が変わるため、".into(),
                note: "回答できるのは、役割が「システム管理者」の方のみです。お心当たりがない場合は、拒否したうえで、SmartHRとの連携先とSmartHRの管理者をご確認ください。",
            },
            Some(field) => Self {
                subject: "ログイン情報の変更を保留しました",
                message: format!(
                    "SmartHRで多くの従業員の{}が取得できなくなったため、",
                    field.label()
                ),
                note: "回答できるのは、役割が「システム管理者」の方のみです。意図した変更でない場合は、SmartHRでKiteRaアプリの権限を確認してください。取得できるようになると、回答は不要になります。",
            },
        }
    }
}

/// Returns a question on one line: the name, and each field, old → new. The addresses are shown whole.
fn in_words(question: &AccountQuestion) -> Fact {
    let value = |text: &str| {
        if text.is_empty() {
            "なし".to_owned()
        } else {
            unlinkable(text)
        }
    };
    let field = |change: &FieldChange| {
        format!(
            "{}: {} → {}",
            change.field,
            value(&change.old),
            value(&change.new)
        )
    };
    let fields: Vec<String> = question.fields.iter().map(field).collect();
    let name = MailName::new(&question.name);
    Fact::ours("対象の方", format!("{name}({})", fields.join("、")))
}

#[cfg(test)]
mod tests {
    use domain::{AccountChange, CrewId, LoginMethod, TenantId, UserId};

    use super::*;

    #[test]
    fn the_system_administrators_read_who_would_sign_in_how_and_where_to_answer() {
        let question = AccountQuestion {
            change: AccountChange {
                user_id: UserId::new("u"),
                tenant_id: TenantId::new("t"),
                crew_id: CrewId::new("c"),
                email: None,
                code: None,
                login_method: LoginMethod::Password,
            },
            name: "佐藤 一郎".into(),
            fields: vec![FieldChange {
                field: "メールアドレス".into(),
                old: "ichiro@example.jp".into(),
                new: String::new(),
            }],
        };
        let mail = HeldAccountChanges {
            workspace_name: MailName::new("みどり食品"),
            started_at: "2026-11-24T17:00:00Z".parse().expect("timestamp"),
            lost: None,
            questions: &[question],
            more: 0,
            run_url: "https://app.kitera.example/run",
        }
        .mail("no-reply@kitera.example", &["admin@example.com".into()])
        .expect("a mail");
        assert_eq!(
            mail.subject,
            "【KiteRa】みどり食品: 管理者のログイン情報の変更を保留しました"
        );
        for text in [&mail.text, &mail.html] {
            for part in [
                "1名の変更を保留しました。",
                "佐藤 一郎(メールアドレス: ichiro＠example．jp → なし)",
                "2026年11月25日 02:00(日本時間)",
                "https://app.kitera.example/run",
            ] {
                assert!(text.contains(part), "{part} in {text}");
            }
        }
    }
}
