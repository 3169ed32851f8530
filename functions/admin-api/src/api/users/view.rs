//! A user as 「ユーザー管理」 shows them.

use accounts::is_linked;
use domain::{Connection, Credential, LoginMethod, Role, Status, User};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// What SmartHR decides about a linked user
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LockedField {
    Name,
    Email,
    EmployeeCode,
    LoginMethod,
}

const LOCKED_FIELDS: [LockedField; 4] = [
    LockedField::Name,
    LockedField::Email,
    LockedField::EmployeeCode,
    LockedField::LoginMethod,
];

/// An invitation that was not accepted yet.
#[derive(Serialize, ToSchema)]
struct InvitationView {
    /// RFC 3339
    #[schema(format = DateTime)]
    expires_at: String,
    expired: bool,
    /// Why the mail did not arrive, as SES reported it.
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
    role: Role,
    /// 緊急用アカウント: a システム管理者 whom the sync never moves to SSO.
    emergency_account: bool,
    login_method: LoginMethod,
    /// Ids of groups.
    groups: Vec<String>,
    status: Status,
    /// Whether the user is kept in step with SmartHR.
    linked: bool,
    /// What cannot be edited here.
    locked_fields: Vec<LockedField>,
    invitation: Option<InvitationView>,
    /// Until when an initial password that was not replaced yet can be used (RFC 3339).
    #[schema(format = DateTime)]
    initial_password_expires_at: Option<String>,
    /// When the user last signed in (RFC 3339). Left out if that was not noted, and in answers to changes.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in_at: Option<String>,
}

impl UserView {
    /// Creates the view of a user; `connection` is the connection of the workspace.
    pub(crate) fn of(user: &User, connection: Option<&Connection>, now: Timestamp) -> Self {
        let linked = is_linked(user, connection);
        Self {
            id: user.user_id.to_string(),
            name: user.name.clone(),
            email: user.email.as_ref().map(ToString::to_string),
            employee_code: user.code.as_ref().map(ToString::to_string),
            role: user.role,
            emergency_account: user.is_emergency_account,
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
            last_sign_in_at: None,
        }
    }

    /// Adds when the user last signed in.
    pub(crate) fn with_last_sign_in(self, at: Option<Timestamp>) -> Self {
        Self {
            last_sign_in_at: at.map(|at| at.to_string()),
            ..self
        }
    }
}
