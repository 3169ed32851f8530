//! A workspace: what the sync reads of it and never changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::is_default::is_default;
use crate::{
    EmailAddress, GroupId, Notifications, RelatedCompanyUser, SamlProvider, SingleSignOn,
    WorkspaceId,
};

/// A group of users within a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The id of the group.
    pub id: GroupId,
    /// The name of the group on screens.
    pub name: String,
}

/// A customer's workspace in KiteRa, with its plan and its sign-in settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// The id of the workspace.
    pub workspace_id: WorkspaceId,
    /// The name of the workspace on screens and in mails.
    pub name: String,
    /// 企業コード: people without e-mail sign in with it and their employee code.
    pub company_code: String,
    /// The plan's ユーザー数: how many users the workspace may have, invited ones included.
    pub seats: u32,
    /// The domains that new e-mail addresses may have, in lower case; empty means any.
    pub allowed_domains: Vec<String>,
    /// Those of `allowed_domains` that an admin added. Nobody at KiteRa knows whose they are, so that their addresses
    /// do not lead to the workspace's SSO.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains_of_admins: Vec<String>,
    /// The sign-in at the company's identity provider; `None` if it is not set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub single_sign_on: Option<SingleSignOn>,
    /// The time from which on システム管理者 and 管理者 are asked for a second factor; `None` if they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor_required_since: Option<Timestamp>,
    /// The groups of the workspace, from which デフォルトグループ is chosen.
    pub groups: Vec<Group>,
    /// The workspace of the parent company, as the contract says; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_workspace_id: Option<WorkspaceId>,
    /// The workspaces whose parent company's this one is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub child_workspace_ids: Vec<WorkspaceId>,
    /// 関連企業ワークスペースにアクセス可能なユーザー: the people of the parent company who may enter.
    pub related_company_users: Vec<RelatedCompanyUser>,
    /// Who gets the mails about the sync.
    #[serde(default)]
    pub notifications: Notifications,
    /// Grows with each change that an admin makes to what stands above; a write names the revision that it was
    /// decided on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub revision: u64,
}

impl Workspace {
    /// Creates a workspace without groups, in which no admin has set anything. It is not stored.
    pub fn new(
        workspace_id: WorkspaceId,
        name: impl Into<String>,
        company_code: impl Into<String>,
        seats: u32,
    ) -> Self {
        Self {
            workspace_id,
            name: name.into(),
            company_code: company_code.into(),
            seats,
            allowed_domains: Vec::new(),
            domains_of_admins: Vec::new(),
            single_sign_on: None,
            second_factor_required_since: None,
            groups: Vec::new(),
            parent_workspace_id: None,
            child_workspace_ids: Vec::new(),
            related_company_users: Vec::new(),
            notifications: Notifications::default(),
            revision: 0,
        }
    }

    /// Returns whether people can sign in by SSO: a configuration exists, and passed the connection test as it
    /// stands.
    pub fn sso_configured(&self) -> bool {
        let sso = self.single_sign_on.as_ref();
        sso.is_some_and(SingleSignOn::is_tested)
    }

    /// Returns the SAML identity provider at which people sign in; `None` if they sign in otherwise, or its
    /// configuration did not pass the connection test as it stands.
    pub fn saml_in_use(&self) -> Option<&SamlProvider> {
        let sso = self.single_sign_on.as_ref();
        sso.filter(|sso| sso.is_tested())?.saml()
    }

    /// Allows new addresses of these domains only; empty allows any. Those that are new are noted as an admin's.
    #[must_use]
    pub fn with_domains_of_admin(mut self, domains: Vec<String>) -> Self {
        let vouched = |domain: &&String| {
            self.allowed_domains.contains(domain) && !self.domains_of_admins.contains(domain)
        };
        let of_admins = domains.iter().filter(|domain| !vouched(domain));
        self.domains_of_admins = of_admins.cloned().collect();
        self.allowed_domains = domains;
        self
    }

    /// Returns the address at which people without e-mail sign in, with 企業コード filled in. `base` is the
    /// address of the product, without a trailing slash.
    pub fn login_url(&self, base: &str) -> String {
        format!("{base}/sign-in?company_code={}", self.company_code)
    }

    /// Returns whether a new user may have this address (manual: 「従業員メールアドレスのドメインが
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
}

#[cfg(test)]
impl Workspace {
    /// Returns a workspace of ten seats for tests, in which nothing is set.
    pub(crate) fn midori() -> Self {
        Self::new(WorkspaceId::new("ws"), "みどり商事", "MIDORI", 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_an_admins_until_kitera_vouches_for_it() {
        let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let workspace = Workspace {
            allowed_domains: names(&["midori.example"]),
            ..Workspace::midori()
        };
        let added = workspace.with_domains_of_admin(names(&["midori.jp", "midori.example"]));
        assert_eq!(added.domains_of_admins, ["midori.jp"]);
        let removed = added.with_domains_of_admin(names(&["midori.jp"]));
        let again = removed.with_domains_of_admin(names(&["midori.jp", "midori.example"]));
        assert_eq!(again.domains_of_admins, ["midori.jp", "midori.example"]);
    }
}
