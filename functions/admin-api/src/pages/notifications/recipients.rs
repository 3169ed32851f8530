//! The fields of the form: whom the mails of each kind go to.

use std::collections::HashMap;

use accounts::Roster;
use domain::{NotificationKind, Recipients, Status, UserId};
use serde::Deserialize;
use web::Problem;

use crate::api::notifications::RecipientsChoice;

/// A choice of the select element: its value, and its words.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) words: &'static str,
    pub(super) is_chosen: bool,
}

/// The fields of one kind.
pub(super) struct KindFields {
    /// What the names of the fields begin with.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) choices: Vec<Choice>,
    /// The addresses, each on a line, of the chosen users or the one that was typed.
    pub(super) addresses: String,
    /// Whether chosen users are no longer there, so that the mails go to the admins.
    pub(super) is_left_to_admins: bool,
    pub(super) is_wrong: bool,
}

/// The fields as a browser sends them: `failure_to`, `failure_addresses` and so on.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct RecipientFields(HashMap<String, String>);

impl KindFields {
    /// Returns the fields as they are stored.
    pub(super) fn stored(kind: NotificationKind, recipients: &Recipients, roster: &Roster) -> Self {
        let address_of = |id: &UserId| {
            let mut entries = roster.entries().iter();
            let user = &entries.find(|it| it.user.user_id == *id)?.user;
            let email = user.email.as_ref();
            email
                .filter(|_| user.status == Status::Active)
                .map(ToString::to_string)
        };
        let addresses: Vec<String> = match recipients {
            Recipients::Nobody | Recipients::Admins => Vec::new(),
            Recipients::Users { user_ids } => user_ids.iter().filter_map(address_of).collect(),
            Recipients::Address { email } => vec![email.to_string()],
        };
        let is_left_to_admins =
            matches!(recipients, Recipients::Users { .. }) && addresses.is_empty();
        let value = match recipients {
            Recipients::Nobody => "nobody",
            Recipients::Admins => "admins",
            Recipients::Users { .. } => "users",
            Recipients::Address { .. } => "address",
        };
        Self {
            is_left_to_admins,
            ..Self::new(kind, value, addresses.join("\n"))
        }
    }

    fn new(kind: NotificationKind, chosen: &str, addresses: String) -> Self {
        let admins = match kind {
            NotificationKind::Certificate => "システム管理者全員",
            _ => "システム管理者・管理者全員",
        };
        let choices = [
            ("nobody", "送信しない"),
            ("admins", admins),
            ("users", "選択したユーザー"),
            ("address", "指定したメールアドレス"),
        ];
        let offered = choices
            .into_iter()
            .filter(|(value, _)| *value != "nobody" || kind.may_be_off());
        Self {
            name: name(kind),
            label: kind.label(),
            hint: hint(kind),
            choices: offered
                .map(|(value, words)| Choice {
                    value,
                    words,
                    is_chosen: value == chosen,
                })
                .collect(),
            addresses,
            is_left_to_admins: false,
            is_wrong: false,
        }
    }
}

impl RecipientFields {
    /// Returns the fields of a kind as they were typed.
    pub(super) fn typed(&self, kind: NotificationKind, is_wrong: bool) -> KindFields {
        KindFields {
            is_wrong,
            ..KindFields::new(kind, self.to(kind), self.addresses(kind).to_owned())
        }
    }

    /// Returns what was chosen for a kind. Users are named by their addresses.
    ///
    /// # Errors
    /// The 400 for an address that no user has.
    pub(super) fn choice(
        &self,
        kind: NotificationKind,
        roster: &Roster,
    ) -> Result<RecipientsChoice, Problem> {
        match self.to(kind) {
            "nobody" => Ok(RecipientsChoice::Nobody),
            "users" => {
                let id = |typed: &str| match roster.named(typed) {
                    Some(entry) => Ok(entry.user.user_id.to_string()),
                    None => Err(Problem::bad_request(
                        "invalid_recipients",
                        format!(
                            "「{}」の「{typed}」というユーザーは見つかりません。ユーザー管理に登録されているメールアドレスを入力してください。",
                            kind.label()
                        ),
                    )),
                };
                let typed = self.addresses(kind).split_whitespace();
                let user_ids = typed.map(id).collect::<Result<_, _>>()?;
                Ok(RecipientsChoice::Users { user_ids })
            }
            "address" => Ok(RecipientsChoice::Address {
                email: self.addresses(kind).trim().to_owned(),
            }),
            _ => Ok(RecipientsChoice::Admins),
        }
    }

    fn to(&self, kind: NotificationKind) -> &str {
        self.field(kind, "to")
    }

    fn addresses(&self, kind: NotificationKind) -> &str {
        self.field(kind, "addresses")
    }

    fn field(&self, kind: NotificationKind, field: &str) -> &str {
        let name = format!("{}_{field}", name(kind));
        self.0.get(&name).map_or("", String::as_str)
    }
}

fn name(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Failure => "failure",
        NotificationKind::Held => "held",
        NotificationKind::Reconnect => "reconnect",
        NotificationKind::Seats => "seats",
        NotificationKind::Certificate => "certificate",
        NotificationKind::WeeklySummary => "weekly_summary",
    }
}

fn hint(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Failure => {
            "同期に失敗したとき、または同期できなかった方がいるときに送信します。"
        }
        NotificationKind::Held => {
            "退職による削除を保留したときに送信します。管理者のログイン情報の変更を保留したときは、この設定にかかわらず、回答できるシステム管理者に送信します。"
        }
        NotificationKind::Reconnect => "SmartHRとの再連携が必要なときに送信します。",
        NotificationKind::Seats => {
            "プランのユーザー数の90%以上を使用しているときに、月に1回送信します。ダッシュボードには、この設定にかかわらず表示されます。"
        }
        NotificationKind::Certificate => {
            "SSOのIDプロバイダーの証明書の有効期限の30日前、7日前、前日に送信します。"
        }
        NotificationKind::WeeklySummary => "1週間の同期の結果を、毎週月曜日に送信します。",
    }
}
