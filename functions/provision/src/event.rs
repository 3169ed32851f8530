//! The event that the operator sends, and the answer.

use domain::{AuditChange, UserId, WorkspaceId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The event. A misspelt field is refused rather than ignored. With `workspace_id`, what is left out or null stays as
/// it is; a list that is given replaces the present one. A new workspace needs what only the contract decides, and its
/// first システム管理者; the rest is its admins' to set, and begins with any domain and the two groups that every new
/// workspace has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Event {
    /// The name of the workspace on screens and in mails; a new workspace needs one.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// The 企業コード of the workspace, which people sign in with; a new workspace needs one.
    #[serde(default)]
    pub(crate) company_code: Option<String>,
    /// The number of users in the customer's plan; a new workspace needs one.
    #[serde(default)]
    pub(crate) seats: Option<u32>,
    /// The domains that new addresses may have; empty allows any. The operator who gives them vouches that they are the
    /// company's, so that their addresses lead to its SSO.
    #[serde(default)]
    pub(crate) allowed_domains: Option<Vec<String>>,
    /// The groups to be added to those of the workspace, which stay because users are in them.
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    /// The 企業コード of the parent company's workspace, as the contract says; empty for none.
    #[serde(default)]
    pub(crate) parent_company_code: Option<String>,
    /// The addresses of people of the parent company who may enter. Those who may enter already keep their role, others
    /// enter as メンバー; the workspace's システム管理者 changes it.
    #[serde(default)]
    pub(crate) related_company_users: Option<Vec<String>>,
    /// The first システム管理者; may be omitted from an update.
    #[serde(default)]
    pub(crate) system_administrator: Option<AdministratorFields>,
    /// The workspace to update; `None` creates a new one.
    #[serde(default)]
    pub(crate) workspace_id: Option<WorkspaceId>,
}

/// The fields of the first システム管理者.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdministratorFields {
    /// The 氏名 of the administrator.
    pub(crate) name: String,
    /// The e-mail address, for signing in and for mails.
    #[serde(default)]
    pub(crate) email: Option<String>,
    /// The employee code, for signing in together with the company code.
    #[serde(default)]
    pub(crate) employee_code: Option<String>,
    /// The password; without one an invitation is mailed.
    #[serde(default)]
    pub(crate) password: Option<SecretString>,
}

/// The event that mails a system administrator a new link to set a password:
/// `{"new_link": {"workspace": "ws_…", "email": "…"}}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLinkEvent {
    pub(crate) new_link: NewLinkFor,
}

/// Whom the link is mailed to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLinkFor {
    /// The workspace of the administrator.
    pub(crate) workspace: WorkspaceId,
    /// The administrator's address.
    pub(crate) email: String,
}

/// The event that voids open credentials: `{"void_open_credentials": "all", "preview": true}`, or one
/// workspace: `{"void_open_credentials": {"workspace": "ws_…"}, "preview": true}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoidEvent {
    pub(crate) void_open_credentials: VoidIn,
    /// Whether to count only. It must be given, so that nothing is voided by leaving it out.
    pub(crate) preview: bool,
}

/// Where open credentials are voided.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VoidIn {
    /// In every workspace.
    All,
    /// In this workspace.
    Workspace(WorkspaceId),
}

/// The answer to a [`VoidEvent`]: what was open, and is not any more unless this was a preview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Voided {
    pub(crate) preview: bool,
    pub(crate) workspaces: usize,
    pub(crate) invitations: usize,
    pub(crate) initial_passwords: usize,
    pub(crate) password_resets: usize,
}

/// The answer to an event.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    Provisioned(Provisioned),
    Voided(Voided),
}

/// The answer to a carried-out event that creates or updates a workspace.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Provisioned {
    pub(crate) workspace_id: WorkspaceId,
    /// The administrator's id; absent when the event named none.
    pub(crate) system_administrator_user_id: Option<UserId>,
    /// What differs between the workspace before and after, as in the audit trail.
    pub(crate) changes: Vec<AuditChange>,
}
