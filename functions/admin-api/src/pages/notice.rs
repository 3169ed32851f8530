//! Notices of what was done, shown on the page that the browser is redirected to: `?done=…`. Only these
//! notices can be shown, whatever a URL contains.

use axum::response::Redirect;
use connection::{DisconnectOutcome, SAVED};
use serde::Deserialize;

use crate::api::connection::{connect, disconnect};
use crate::api::groups::group;
use crate::api::notifications::chat;
use crate::api::single_sign_on::{remove, save};
use crate::api::{account_review, allowed_domains, notifications, second_factor_requirement};

/// A completed action that a page reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    Saved,
    Disconnected(DisconnectOutcome),
    OtherCompany { accepted: bool },
    HeldDeletions { allowed: bool },
    AccountChange { allowed: bool },
    SsoSaved,
    SsoRemoved,
    SecondFactor { required: bool },
    AllowedDomains { limited: bool },
    NotificationsSaved,
    ChatWebhookSaved,
    ChatWebhookRemoved,
    ChatTested,
    GroupCreated,
    GroupRenamed,
    GroupDeleted,
    MembersAdded,
    MembersRemoved,
    AccountsReviewed,
    RelatedCompanyUserAdded,
    RelatedCompanyUserRemoved,
}

const ALL: [Notice; 27] = [
    Notice::Saved,
    Notice::Disconnected(DisconnectOutcome::Finished),
    Notice::Disconnected(DisconnectOutcome::CleanupPending),
    Notice::OtherCompany { accepted: true },
    Notice::OtherCompany { accepted: false },
    Notice::HeldDeletions { allowed: true },
    Notice::HeldDeletions { allowed: false },
    Notice::AccountChange { allowed: true },
    Notice::AccountChange { allowed: false },
    Notice::SsoSaved,
    Notice::SsoRemoved,
    Notice::SecondFactor { required: true },
    Notice::SecondFactor { required: false },
    Notice::AllowedDomains { limited: true },
    Notice::AllowedDomains { limited: false },
    Notice::NotificationsSaved,
    Notice::ChatWebhookSaved,
    Notice::ChatWebhookRemoved,
    Notice::ChatTested,
    Notice::GroupCreated,
    Notice::GroupRenamed,
    Notice::GroupDeleted,
    Notice::MembersAdded,
    Notice::MembersRemoved,
    Notice::AccountsReviewed,
    Notice::RelatedCompanyUserAdded,
    Notice::RelatedCompanyUserRemoved,
];

impl Notice {
    /// Returns the redirect to the page at `path`, which shows the notice.
    pub(crate) fn at(self, path: &str) -> Redirect {
        Redirect::to(&format!("{path}?done={}", self.wire_name()))
    }

    fn wire_name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Disconnected(DisconnectOutcome::Finished) => "disconnected",
            Self::Disconnected(DisconnectOutcome::CleanupPending) => "disconnecting",
            Self::OtherCompany { accepted: true } => "switched",
            Self::OtherCompany { accepted: false } => "not-switched",
            Self::HeldDeletions { allowed: true } => "allowed",
            Self::HeldDeletions { allowed: false } => "refused",
            Self::AccountChange { allowed: true } => "account-allowed",
            Self::AccountChange { allowed: false } => "account-refused",
            Self::SsoSaved => "sso-saved",
            Self::SsoRemoved => "sso-removed",
            Self::SecondFactor { required: true } => "second-factor-required",
            Self::SecondFactor { required: false } => "second-factor-not-required",
            Self::AllowedDomains { limited: true } => "domains-limited",
            Self::AllowedDomains { limited: false } => "domains-not-limited",
            Self::NotificationsSaved => "notifications-saved",
            Self::ChatWebhookSaved => "chat-saved",
            Self::ChatWebhookRemoved => "chat-removed",
            Self::ChatTested => "chat-tested",
            Self::GroupCreated => "group-created",
            Self::GroupRenamed => "group-renamed",
            Self::GroupDeleted => "group-deleted",
            Self::MembersAdded => "members-added",
            Self::MembersRemoved => "members-removed",
            Self::AccountsReviewed => "accounts-reviewed",
            Self::RelatedCompanyUserAdded => "related-user-added",
            Self::RelatedCompanyUserRemoved => "related-user-removed",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Saved => SAVED,
            Self::Disconnected(how) => disconnect::message(how),
            Self::OtherCompany { accepted: true } => connect::ACCEPTED,
            Self::OtherCompany { accepted: false } => connect::REFUSED,
            Self::HeldDeletions { allowed: true } => {
                "削除を許可しました。次回の同期で削除されます。"
            }
            Self::HeldDeletions { allowed: false } => {
                "削除を拒否しました。ユーザーは削除されません。"
            }
            Self::AccountChange { allowed: true } => {
                "変更を許可しました。次回の同期で変更されます。"
            }
            Self::AccountChange { allowed: false } => {
                "変更を拒否しました。ログイン情報は変更されません。"
            }
            Self::SsoSaved => save::SAVED,
            Self::SsoRemoved => remove::REMOVED,
            Self::SecondFactor { required: true } => second_factor_requirement::REQUIRED,
            Self::SecondFactor { required: false } => second_factor_requirement::NOT_REQUIRED,
            Self::AllowedDomains { limited: true } => allowed_domains::LIMITED,
            Self::AllowedDomains { limited: false } => allowed_domains::ANY,
            Self::NotificationsSaved => notifications::SAVED,
            Self::ChatWebhookSaved => chat::SAVED,
            Self::ChatWebhookRemoved => chat::REMOVED,
            Self::ChatTested => chat::TESTED,
            Self::GroupCreated => "グループを作成しました。",
            Self::GroupRenamed => "グループ名を変更しました。",
            Self::GroupDeleted => group::DELETED,
            Self::MembersAdded => "メンバーを追加しました。",
            Self::MembersRemoved => "メンバーから外しました。",
            Self::AccountsReviewed => account_review::REVIEWED,
            Self::RelatedCompanyUserAdded => {
                "ユーザーを追加しました。親会社のワークスペースに有効なユーザーとして登録されている場合、アクセスできます。"
            }
            Self::RelatedCompanyUserRemoved => {
                "ユーザーを削除しました。親会社からアクセスできなくなりました。"
            }
        }
    }
}

/// The query of a page that shows notices.
#[derive(Default, Deserialize)]
pub(crate) struct NoticeQuery {
    #[serde(default)]
    done: String,
}

impl NoticeQuery {
    /// Returns the text of the notice; `None` for an unknown name.
    pub(crate) fn notice(&self) -> Option<&'static str> {
        ALL.into_iter()
            .find(|notice| notice.wire_name() == self.done)
            .map(Notice::text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_its_own_message_and_others_to_none() {
        let shown = |name: &str| NoticeQuery { done: name.into() }.notice();
        for notice in ALL {
            assert_eq!(shown(notice.wire_name()), Some(notice.text()));
        }
        assert_eq!(shown("you have won"), None);
    }
}
