//! What the operator sends and gets.

use domain::{UserId, WorkspaceId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The event. A misspelt field is refused rather than passed over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Event {
    /// Name on screens and in mails.
    pub(crate) name: String,
    /// 企業コード
    pub(crate) company_code: String,
    /// The plan's number of users.
    pub(crate) seats: u32,
    /// Domains that new addresses may have; none means any.
    #[serde(default)]
    pub(crate) allowed_domains: Vec<String>,
    /// Whether sign-in through the customer's identity provider is set up.
    #[serde(default)]
    pub(crate) sso_configured: bool,
    /// Groups besides the two that every workspace has.
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    /// Addresses of people of the parent company who may enter.
    #[serde(default)]
    pub(crate) related_company_users: Vec<String>,
    /// The first システム管理者; may be left out of an update.
    #[serde(default)]
    pub(crate) system_administrator: Option<AdministratorFields>,
    /// Set to update this workspace instead of creating one.
    #[serde(default)]
    pub(crate) workspace_id: Option<WorkspaceId>,
}

/// The first システム管理者.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdministratorFields {
    /// 氏名
    pub(crate) name: String,
    /// For signing in and for mails.
    #[serde(default)]
    pub(crate) email: Option<String>,
    /// For signing in with the company code.
    #[serde(default)]
    pub(crate) employee_code: Option<String>,
    /// Without one an invitation is mailed.
    #[serde(default)]
    pub(crate) password: Option<SecretString>,
}

/// The answer.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Provisioned {
    pub(crate) workspace_id: WorkspaceId,
    /// Absent when the event named no administrator.
    pub(crate) system_administrator_user_id: Option<UserId>,
}
