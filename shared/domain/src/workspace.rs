//! A workspace: what the sync reads of it and never changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{EmailAddress, GroupId, SamlProvider, SingleSignOn, WorkspaceId};

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
    /// The sign-in at the company's identity provider; `None` if it is not set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub single_sign_on: Option<SingleSignOn>,
    /// The time from which on システム管理者 and 管理者 are asked for a second factor; `None` if they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor_required_since: Option<Timestamp>,
    /// The groups of the workspace, from which デフォルトグループ is chosen.
    pub groups: Vec<Group>,
    /// 関連企業ワークスペースにアクセス可能なユーザー: the addresses of people of the parent company who
    /// may sign in.
    pub related_company_users: Vec<EmailAddress>,
}

impl Workspace {
    /// Returns whether people can sign in by SSO: a configuration exists, and passed the connection test as it
    /// stands.
    pub fn sso_configured(&self) -> bool {
        let sso = self.single_sign_on.as_ref();
        sso.is_some_and(SingleSignOn::is_tested)
    }

    /// Returns the SAML identity provider at which people sign in; `None` if they sign in otherwise, or its configuration
    /// did not pass the connection test as it stands.
    pub fn saml_in_use(&self) -> Option<&SamlProvider> {
        let sso = self.single_sign_on.as_ref();
        sso.filter(|sso| sso.is_tested())?.saml()
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

    /// Returns whether the address may sign in through the parent company.
    pub fn is_related_company_user(&self, email: &EmailAddress) -> bool {
        let key = email.key();
        self.related_company_users
            .iter()
            .any(|related| related.key() == key)
    }
}
