//! What changed, field by field, in words of the screen at the time of the change. Of a person's name,
//! address and code an event says only that they changed.

use serde::{Deserialize, Serialize};

use super::AuditField;
use crate::{
    ChatWebhook, Connection, ConnectionState, NotificationKind, Notifications, OidcProvider,
    SamlProvider, Settings, SingleSignOn, User, Workspace, WorkspaceId,
};

/// The change of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    /// The field.
    pub field: AuditField,
    /// The value before; `None` if there was none, or for a personal or secret field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The value after; `None` if there is none, or for a personal or secret field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

impl AuditChange {
    /// Returns the change of a field from `old` to `new`, where empty means none; `None` if both are the
    /// same.
    pub fn of(field: AuditField, old: impl Into<String>, new: impl Into<String>) -> Option<Self> {
        let (old, new) = (old.into(), new.into());
        if old == new {
            return None;
        }
        let value = |text: String| Some(text).filter(|it| !it.is_empty() && !field.hides_values());
        Some(Self {
            field,
            old: value(old),
            new: value(new),
        })
    }
}

/// Returns what differs between a user before and after an edit.
pub fn changes_of_user(before: &User, after: &User, workspace: &Workspace) -> Vec<AuditChange> {
    let text = |value: Option<String>| value.unwrap_or_default();
    let email = |user: &User| text(user.email.as_ref().map(ToString::to_string));
    let code = |user: &User| text(user.code.as_ref().map(ToString::to_string));
    let groups = |user: &User| {
        let names = user.groups.iter().map(|id| workspace.group_name(id));
        names.collect::<Vec<_>>().join("、")
    };
    let emergency = |user: &User| {
        if user.is_emergency_account {
            "はい"
        } else {
            "いいえ"
        }
    };
    let (method, role) = (AuditField::LoginMethod, AuditField::Role);
    [
        AuditChange::of(AuditField::Name, &before.name, &after.name),
        AuditChange::of(AuditField::Email, email(before), email(after)),
        AuditChange::of(AuditField::EmployeeCode, code(before), code(after)),
        AuditChange::of(
            method,
            before.login_method.label(),
            after.login_method.label(),
        ),
        AuditChange::of(role, before.role.label(), after.role.label()),
        AuditChange::of(
            AuditField::EmergencyAccount,
            emergency(before),
            emergency(after),
        ),
        AuditChange::of(AuditField::Groups, groups(before), groups(after)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns what differs between the settings before and after they were saved.
pub fn changes_of_settings(
    before: &Settings,
    after: &Settings,
    workspace: &Workspace,
) -> Vec<AuditChange> {
    let switch = enabled;
    let enabled = |settings: &Settings| enabled(settings.enabled);
    let group = |settings: &Settings| workspace.group_name(&settings.default_group);
    let (target, method) = (AuditField::SyncTarget, AuditField::LoginMethodSetting);
    [
        AuditChange::of(AuditField::SyncEnabled, enabled(before), enabled(after)),
        AuditChange::of(target, before.target.label(), after.target.label()),
        AuditChange::of(
            method,
            before.login_method.label(),
            after.login_method.label(),
        ),
        AuditChange::of(AuditField::DefaultGroup, group(before), group(after)),
        AuditChange::of(
            AuditField::PasswordCsv,
            before.password_csv.label(),
            after.password_csv.label(),
        ),
        AuditChange::of(
            AuditField::InvitationContact,
            before.invitation_texts.contact.as_deref().unwrap_or(""),
            after.invitation_texts.contact.as_deref().unwrap_or(""),
        ),
        AuditChange::of(
            AuditField::InvitationMessage,
            before.invitation_texts.message.as_deref().unwrap_or(""),
            after.invitation_texts.message.as_deref().unwrap_or(""),
        ),
        AuditChange::of(
            AuditField::ImmediateSync,
            switch(before.immediate),
            switch(after.immediate),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns what differs between the companies of a connection before and after a change.
pub fn changes_of_company(before: Option<&Connection>, after: &Connection) -> Vec<AuditChange> {
    let company = |connection: &Connection| match connection.state {
        ConnectionState::Connected | ConnectionState::ReconnectNeeded => {
            connection.company.name.clone()
        }
        ConnectionState::Disconnecting | ConnectionState::Disconnected => String::new(),
    };
    let pending = |connection: &Connection| {
        let pending = connection.pending.as_ref();
        pending.map_or_else(String::new, |company| company.name.clone())
    };
    let old = |value: &dyn Fn(&Connection) -> String| before.map_or_else(String::new, value);
    [
        AuditChange::of(AuditField::Company, old(&company), company(after)),
        AuditChange::of(AuditField::PendingCompany, old(&pending), pending(after)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the change of whether システム管理者 and 管理者 must have a second factor.
pub fn changes_of_second_factor_requirement(before: bool, after: bool) -> Vec<AuditChange> {
    let field = AuditField::SecondFactorRequired;
    let change = AuditChange::of(field, enabled(before), enabled(after));
    change.into_iter().collect()
}

/// Returns whose recipients differ before and after they were saved. Who they are is about people, and is not recorded.
pub fn changes_of_notifications(before: &Notifications, after: &Notifications) -> Vec<AuditChange> {
    let kinds = NotificationKind::ALL.into_iter();
    kinds
        .map(|kind| (kind, before.recipients(kind), after.recipients(kind)))
        .filter(|(_, old, new)| old != new)
        .map(|(kind, old, new)| AuditChange {
            field: recipients_of(kind),
            old: Some(old.label()),
            new: Some(new.label()),
        })
        .collect()
}

/// Returns the change of the chat that notifications are posted to, also when only its secret address differs.
pub fn changes_of_chat_webhook(
    before: Option<&ChatWebhook>,
    after: Option<&ChatWebhook>,
) -> Vec<AuditChange> {
    if before == after {
        return Vec::new();
    }
    let words = |webhook: Option<&ChatWebhook>| webhook.map(|it| it.service.label().to_owned());
    vec![AuditChange {
        field: AuditField::ChatWebhook,
        old: words(before),
        new: words(after),
    }]
}

fn recipients_of(kind: NotificationKind) -> AuditField {
    match kind {
        NotificationKind::Failure => AuditField::FailureRecipients,
        NotificationKind::Held => AuditField::HeldRecipients,
        NotificationKind::Reconnect => AuditField::ReconnectRecipients,
        NotificationKind::Seats => AuditField::SeatsRecipients,
        NotificationKind::Certificate => AuditField::CertificateRecipients,
        NotificationKind::WeeklySummary => AuditField::WeeklySummaryRecipients,
    }
}

/// Returns what differs between the single sign-on of a workspace before and after a change.
pub fn changes_of_single_sign_on(
    before: Option<&SingleSignOn>,
    after: Option<&SingleSignOn>,
) -> Vec<AuditChange> {
    let fields = |sso: Option<&SingleSignOn>| {
        let oidc = sso.and_then(SingleSignOn::oidc);
        let saml = sso.and_then(SingleSignOn::saml);
        let text = |field: fn(&OidcProvider) -> &str| oidc.map_or("", field).to_owned();
        let usable = sso.is_some_and(SingleSignOn::is_tested);
        [
            (AuditField::SsoConfigured, enabled(usable).to_owned()),
            (AuditField::SsoIssuer, text(|it| &it.issuer)),
            (AuditField::SsoClientId, text(|it| &it.client_id)),
            (AuditField::SsoClientSecret, text(|it| &it.secret_id)),
            (
                AuditField::SsoEntityId,
                saml.map_or_else(String::new, |it| it.entity_id.clone()),
            ),
            (
                AuditField::SsoSignInUrl,
                saml.map_or_else(String::new, |it| it.sign_in_url.clone()),
            ),
            (
                AuditField::SsoCertificates,
                saml.map_or_else(String::new, certificates),
            ),
        ]
    };
    let pairs = fields(before).into_iter().zip(fields(after));
    pairs
        .filter_map(|((field, old), (_, new))| AuditChange::of(field, old, new))
        .collect()
}

fn certificates(provider: &SamlProvider) -> String {
    let ders = provider.certificates.iter().map(|one| one.der.as_str());
    ders.collect::<Vec<_>>().join("、")
}

fn enabled(is_enabled: bool) -> &'static str {
    if is_enabled { "有効" } else { "無効" }
}

/// Returns what differs between a workspace before and after somebody changed it.
pub fn changes_of_workspace(before: Option<&Workspace>, after: &Workspace) -> Vec<AuditChange> {
    let mut old = before.map(fields_of_workspace).into_iter().flatten();
    let changes = fields_of_workspace(after).into_iter().map(|(field, new)| {
        let old = old.next().map(|(_, old)| old).unwrap_or_default();
        AuditChange::of(field, old, new)
    });
    changes.flatten().collect()
}

fn fields_of_workspace(workspace: &Workspace) -> [(AuditField, String); 8] {
    let groups = workspace.groups.iter().map(|group| group.name.as_str());
    let related = workspace.related_company_users.iter();
    let ids = |ids: &[WorkspaceId]| {
        let ids = ids.iter().map(WorkspaceId::as_str);
        ids.collect::<Vec<_>>().join("、")
    };
    let related = related.map(|it| format!("{} {:?}", it.email, it.role));
    [
        (AuditField::WorkspaceName, workspace.name.clone()),
        (AuditField::CompanyCode, workspace.company_code.clone()),
        (AuditField::Seats, workspace.seats.to_string()),
        (
            AuditField::AllowedDomains,
            workspace.allowed_domains.join("、"),
        ),
        (AuditField::Groups, groups.collect::<Vec<_>>().join("、")),
        (
            AuditField::ParentWorkspace,
            ids(workspace.parent_workspace_id.as_slice()),
        ),
        (
            AuditField::ChildWorkspaces,
            ids(&workspace.child_workspace_ids),
        ),
        (
            AuditField::RelatedCompanyUsers,
            related.collect::<Vec<_>>().join("、"),
        ),
    ]
}
