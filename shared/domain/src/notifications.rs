//! 通知: who gets the mails about the sync, kind by kind.

use serde::{Deserialize, Serialize};

use crate::{ChatWebhook, EmailAddress, Role, Status, User, UserId};

/// The largest number of chosen users of a kind, which is that of the recipients of one mail.
pub const MOST_CHOSEN_USERS: usize = 50;

/// What a mail to the admins is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationKind {
    /// 失敗: a run failed, as a whole or for some people.
    Failure,
    /// 保留: deletions or changes of admins' accounts wait for an answer.
    Held,
    /// 再連携: SmartHR refuses our token, or may soon.
    Reconnect,
    /// 席: the seats of the plan are nearly taken.
    Seats,
    /// 証明書: the certificate of the SAML identity provider ends soon.
    Certificate,
    /// 週次サマリー: what the runs of a week did.
    WeeklySummary,
}

impl NotificationKind {
    /// Every kind, in the order of the page.
    pub const ALL: [Self; 6] = [
        Self::Failure,
        Self::Held,
        Self::Reconnect,
        Self::Seats,
        Self::Certificate,
        Self::WeeklySummary,
    ];

    /// Returns the word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Failure => "同期の失敗",
            Self::Held => "退職による削除の保留",
            Self::Reconnect => "再連携",
            Self::Seats => "プランのユーザー数",
            Self::Certificate => "SSOの証明書",
            Self::WeeklySummary => "週次サマリー",
        }
    }

    /// Returns whether it may be sent to nobody: a summary misses nothing, and the dashboard shows the seats.
    pub fn may_be_off(self) -> bool {
        matches!(self, Self::Seats | Self::WeeklySummary)
    }

    /// Returns whether users of this role get it where all admins do.
    pub fn goes_to(self, role: Role) -> bool {
        match self {
            Self::Certificate => role == Role::SystemAdministrator,
            _ => role.may_manage_connection(),
        }
    }
}

/// Who gets the mails of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Recipients {
    /// Nobody; for the kinds that [may be off](NotificationKind::may_be_off).
    Nobody,
    /// All admins whom the kind [goes to](NotificationKind::goes_to).
    Admins,
    /// These users of the workspace, as long as they are active.
    Users {
        /// Their ids, at most [`MOST_CHOSEN_USERS`].
        user_ids: Vec<UserId>,
    },
    /// One address, such as that of a mailing list.
    Address {
        /// The address.
        email: EmailAddress,
    },
}

impl Recipients {
    /// Returns what the screen says of them, without who they are.
    pub fn label(&self) -> String {
        match self {
            Self::Nobody => "送信しない".to_owned(),
            Self::Admins => "管理者全員".to_owned(),
            Self::Users { user_ids } => format!("選択したユーザー({}名)", user_ids.len()),
            Self::Address { .. } => "指定したメールアドレス".to_owned(),
        }
    }
}

/// Who gets the mails of each kind. The default is what a workspace gets that chose nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notifications {
    /// Who hears of failures.
    pub failure: Recipients,
    /// Who hears of held deletions. Held changes of admins' accounts go to the システム管理者, who alone answer them.
    pub held: Recipients,
    /// Who is asked to connect again.
    pub reconnect: Recipients,
    /// Who hears that the seats are nearly taken.
    pub seats: Recipients,
    /// Who hears of a certificate that ends.
    pub certificate: Recipients,
    /// Who gets the summary of the week.
    pub weekly_summary: Recipients,
    /// The chat that every mail which is sent is also posted to, without names; `None` if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatWebhook>,
}

impl Default for Notifications {
    fn default() -> Self {
        Self {
            failure: Recipients::Admins,
            held: Recipients::Admins,
            reconnect: Recipients::Admins,
            seats: Recipients::Nobody,
            certificate: Recipients::Admins,
            weekly_summary: Recipients::Nobody,
            chat: None,
        }
    }
}

impl Notifications {
    /// Returns who was chosen for a kind.
    pub fn recipients(&self, kind: NotificationKind) -> &Recipients {
        match kind {
            NotificationKind::Failure => &self.failure,
            NotificationKind::Held => &self.held,
            NotificationKind::Reconnect => &self.reconnect,
            NotificationKind::Seats => &self.seats,
            NotificationKind::Certificate => &self.certificate,
            NotificationKind::WeeklySummary => &self.weekly_summary,
        }
    }

    /// Returns who is chosen for a kind, to be changed.
    pub fn recipients_mut(&mut self, kind: NotificationKind) -> &mut Recipients {
        match kind {
            NotificationKind::Failure => &mut self.failure,
            NotificationKind::Held => &mut self.held,
            NotificationKind::Reconnect => &mut self.reconnect,
            NotificationKind::Seats => &mut self.seats,
            NotificationKind::Certificate => &mut self.certificate,
            NotificationKind::WeeklySummary => &mut self.weekly_summary,
        }
    }

    /// Returns whether mails of a kind are sent to anybody.
    pub fn sends(&self, kind: NotificationKind) -> bool {
        *self.recipients(kind) != Recipients::Nobody
    }

    /// Returns the addresses that a mail of a kind goes to. Chosen users who were deleted, are not active or have no
    /// address get none; when none is left, all admins get it, so that it is not silent.
    pub fn addresses<'a>(
        &'a self,
        kind: NotificationKind,
        users: &'a [User],
    ) -> Vec<&'a EmailAddress> {
        let among = |wanted: &dyn Fn(&User) -> bool| {
            let able = users.iter().filter(|user| user.status == Status::Active);
            let wanted = able.filter(|user| wanted(user));
            wanted.filter_map(|user| user.email.as_ref()).collect()
        };
        let chosen: Vec<_> = match self.recipients(kind) {
            Recipients::Nobody => return Vec::new(),
            Recipients::Address { email } => vec![email],
            Recipients::Users { user_ids } => among(&|user| user_ids.contains(&user.user_id)),
            Recipients::Admins => Vec::new(),
        };
        if chosen.is_empty() {
            return among(&|user| kind.goes_to(user.role));
        }
        chosen
    }

    /// Removes an address wherever mails go to it, as that of a person who is forgotten; their place is taken by the
    /// default. Returns how many there were.
    pub fn forget_address(&mut self, is_theirs: impl Fn(&EmailAddress) -> bool) -> usize {
        let mut forgotten = 0;
        for kind in NotificationKind::ALL {
            let recipients = self.recipients_mut(kind);
            if matches!(recipients, Recipients::Address { email } if is_theirs(email)) {
                *recipients = Self::default().recipients(kind).clone();
                forgotten += 1;
            }
        }
        forgotten
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn user(id: &str, role: Role, status: Status) -> User {
        User {
            role,
            status,
            email: EmailAddress::parse(&format!("{id}@example.jp")),
            ..User::new(UserId::new(id), "田中 花子")
        }
    }

    fn chosen(kind: NotificationKind, recipients: Recipients) -> Notifications {
        let mut notifications = Notifications::default();
        *notifications.recipients_mut(kind) = recipients;
        notifications
    }

    fn users(ids: &[&str]) -> Recipients {
        let user_ids = ids.iter().map(|id| UserId::new(*id)).collect();
        Recipients::Users { user_ids }
    }

    fn company() -> Vec<User> {
        vec![
            user("boss", Role::SystemAdministrator, Status::Active),
            user("admin", Role::Administrator, Status::Active),
            user("member", Role::Member, Status::Active),
            user("invited", Role::SystemAdministrator, Status::Invited),
        ]
    }

    fn mailed(notifications: &Notifications, kind: NotificationKind) -> Vec<String> {
        let company = company();
        let addresses = notifications.addresses(kind, &company).into_iter();
        let names = addresses.map(|email| email.as_str().split('@').next().unwrap().to_owned());
        names.collect()
    }

    #[test]
    fn a_workspace_that_chose_nothing_mails_the_same_admins_as_before() {
        let nothing = Notifications::default();
        for (kind, expected) in [
            (NotificationKind::Failure, vec!["boss", "admin"]),
            (NotificationKind::Held, vec!["boss", "admin"]),
            (NotificationKind::Reconnect, vec!["boss", "admin"]),
            (NotificationKind::Seats, vec![]),
            (NotificationKind::Certificate, vec!["boss"]),
            (NotificationKind::WeeklySummary, vec![]),
        ] {
            assert_eq!(mailed(&nothing, kind), expected, "{kind:?}");
        }
    }

    #[test]
    fn chosen_users_are_mailed_instead_of_the_admins_until_none_of_them_is_left() {
        let kind = NotificationKind::Failure;
        let mailed_of = |ids: &[&str]| mailed(&chosen(kind, users(ids)), kind);
        assert_eq!(mailed_of(&["member"]), ["member"]);
        assert_eq!(mailed_of(&["member", "deleted"]), ["member"]);
        for gone in [&["deleted"][..], &["invited"], &[]] {
            assert_eq!(mailed_of(gone), ["boss", "admin"], "{gone:?}");
        }
    }

    #[test]
    fn one_address_is_mailed_instead_of_the_admins_until_its_person_is_forgotten() {
        let kind = NotificationKind::Certificate;
        let email = EmailAddress::parse("it@partner.example").unwrap();
        let mut notifications = chosen(kind, Recipients::Address { email });
        assert_eq!(mailed(&notifications, kind), ["it"]);
        assert_eq!(notifications.forget_address(|_| false), 0);
        let is_theirs = |email: &EmailAddress| email.as_str() == "it@partner.example";
        assert_eq!(notifications.forget_address(is_theirs), 1);
        assert_eq!(notifications, Notifications::default());
    }

    proptest! {
        #[test]
        fn what_is_sent_reaches_somebody_while_there_is_an_admin_and_only_active_people_or_the_address(
            kind in proptest::sample::select(NotificationKind::ALL.to_vec()),
            ids in proptest::collection::vec("boss|admin|member|invited|deleted", 0..4),
            is_address in any::<bool>(),
        ) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let recipients = match EmailAddress::parse("list@example.com") {
                Some(email) if is_address => Recipients::Address { email },
                _ => users(&ids),
            };
            let notifications = chosen(kind, recipients);
            let mailed = mailed(&notifications, kind);
            prop_assert!(!mailed.is_empty());
            for name in mailed {
                let may = match name.as_str() {
                    "list" => is_address,
                    "invited" | "deleted" => false,
                    _ => !is_address,
                };
                prop_assert!(may, "{name}");
            }
        }

        #[test]
        fn choosing_for_one_kind_changes_no_other(
            kind in proptest::sample::select(NotificationKind::ALL.to_vec()),
            other in proptest::sample::select(NotificationKind::ALL.to_vec()),
        ) {
            prop_assume!(kind != other);
            let notifications = chosen(kind, users(&["member"]));
            let before = Notifications::default();
            prop_assert_eq!(notifications.recipients(other), before.recipients(other));
        }
    }
}
