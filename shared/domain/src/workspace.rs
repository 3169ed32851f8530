//! A workspace: what the sync reads of it and never changes.

use serde::{Deserialize, Serialize};

use crate::{EmailAddress, GroupId, WorkspaceId};

/// A group of users within a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name on screens.
    pub name: String,
}

/// A customer's workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// The tenant.
    pub workspace_id: WorkspaceId,
    /// Name on screens and in mails.
    pub name: String,
    /// 企業コード: with the employee code, the sign-in of people without e-mail.
    pub company_code: String,
    /// The plan's ユーザー数: how many users there may be, invited ones included.
    pub seats: u32,
    /// Domains that new e-mail addresses may have, in lower case; none means any.
    pub allowed_domains: Vec<String>,
    /// Whether sign-in through the customer's identity provider is set up.
    pub sso_configured: bool,
    /// The workspace's groups.
    pub groups: Vec<Group>,
    /// 関連企業ワークスペースにアクセス可能なユーザー: people of the parent company who may enter.
    pub related_company_users: Vec<EmailAddress>,
}

impl Workspace {
    /// Whether a new user may have this address (manual: 「従業員メールアドレスのドメインが
    /// KiteRaの設定で許可されていない」 is a failure).
    pub fn allows(&self, email: &EmailAddress) -> bool {
        self.allows_address(email.as_str())
    }

    /// As [`Workspace::allows`], for an address that is known to be well formed.
    pub(crate) fn allows_address(&self, email: &str) -> bool {
        self.allowed_domains.is_empty()
            || self
                .allowed_domains
                .contains(&EmailAddress::domain_of(email))
    }

    /// Whether the address may enter through the parent company.
    pub fn is_related_company_user(&self, email: &EmailAddress) -> bool {
        let key = email.key();
        self.related_company_users
            .iter()
            .any(|related| related.key() == key)
    }
}
