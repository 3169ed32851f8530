//! A user as ユーザー管理 shows them.

use domain::{Connection, ConnectionState};
use domain::{Credential, LoginMethod, Role, Status, User};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::{LockedField, LoginMethodWord, RoleWord, StatusWord};

/// What SmartHR decides about a linked user.
pub(crate) const LOCKED_FIELDS: [&str; 4] = ["name", "email", "employee_code", "login_method"];

/// An invitation that was not accepted yet.
#[derive(Serialize, ToSchema)]
struct InvitationView {
    /// RFC 3339
    #[schema(format = DateTime)]
    expires_at: String,
    expired: bool,
    /// Why the mail did not arrive, when SES told us.
    bounced: Option<String>,
}

/// A user.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserView {
    id: String,
    /// 氏名
    name: String,
    email: Option<String>,
    /// 従業員コード
    employee_code: Option<String>,
    #[schema(value_type = RoleWord)]
    role: Role,
    #[schema(value_type = LoginMethodWord)]
    login_method: LoginMethod,
    /// Ids of groups.
    groups: Vec<String>,
    #[schema(value_type = StatusWord)]
    status: Status,
    /// Whether the user is kept in step with SmartHR.
    linked: bool,
    /// What cannot be edited here.
    #[schema(value_type = Vec<LockedField>)]
    locked_fields: Vec<&'static str>,
    invitation: Option<InvitationView>,
    /// Until when an initial password that was not replaced yet can be used (RFC 3339).
    #[schema(format = DateTime)]
    initial_password_expires_at: Option<String>,
}

impl UserView {
    /// `link` is the workspace's link to SmartHR.
    pub(crate) fn of(user: &User, link: Option<&Connection>, now: Timestamp) -> Self {
        let linked = is_locked(user, link);
        Self {
            id: user.user_id.to_string(),
            name: user.name.clone(),
            email: user.email.as_ref().map(ToString::to_string),
            employee_code: user.code.as_ref().map(ToString::to_string),
            role: user.role,
            login_method: user.login_method,
            groups: user.groups.iter().map(ToString::to_string).collect(),
            status: user.status,
            linked,
            locked_fields: if linked {
                LOCKED_FIELDS.to_vec()
            } else {
                Vec::new()
            },
            invitation: user.invitation.as_ref().map(|invitation| InvitationView {
                expires_at: invitation.expires_at.to_string(),
                expired: now >= invitation.expires_at,
                bounced: invitation.bounced.clone(),
            }),
            initial_password_expires_at: match user.credential {
                Credential::Initial { expires_at } => Some(expires_at.to_string()),
                Credential::None | Credential::Password => None,
            },
        }
    }
}

/// Manual: 「連携中は、KiteRa側で名前・メールアドレス・従業員コード・認証方法の変更はできません」. A user is locked
/// while the company that they are linked in is linked.
pub(crate) fn is_locked(user: &User, link: Option<&Connection>) -> bool {
    link.is_some_and(|link| match link.state {
        ConnectionState::Connected | ConnectionState::ReconnectNeeded => {
            user.crew_in(&link.company.tenant_id).is_some()
        }
        ConnectionState::Disconnecting | ConnectionState::Disconnected => false,
    })
}
