//! 操作履歴: who changed what, from where. An event names people by id only, so that their names are
//! forgotten with them, and holds no secret.
//!
//! Each event is an item of the transaction of its change. It has old and new values, but of name, address and code it
//! says only that they changed. What the sync does is in its sync log instead. A request for a password reset is no
//! event, since a stranger may send it; its use is one. Only a システム管理者 reads the events, since they are about
//! the 管理者 too, and names are looked up when they are shown.

mod action;
mod change;
mod field;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use action::AuditAction;
pub use change::{
    AuditChange, changes_of_chat_webhook, changes_of_company, changes_of_notifications,
    changes_of_second_factor_requirement, changes_of_settings, changes_of_single_sign_on,
    changes_of_user, changes_of_workspace,
};
pub use field::AuditField;

use crate::{RunId, UserId, WorkspaceId};

/// Who changes something by a request, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The user who is signed in.
    pub user_id: UserId,
    /// The workspace of the parent company, if the user is one of it; `None` for the workspace's own users.
    pub home: Option<WorkspaceId>,
    /// The network that the request comes from: an IPv4 address, or an IPv6 /64.
    pub network: String,
    /// The id of the request, which no other request has.
    pub request_id: String,
}

/// Who changed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "by_user", rename_all = "snake_case")]
pub enum Who {
    /// A user of the workspace.
    User(UserId),
    /// The engineer on call.
    Operator,
}

/// One entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// The time of the change.
    pub at: Timestamp,
    /// The id of the request that made the change.
    pub request_id: String,
    /// Who changed something.
    #[serde(flatten)]
    pub who: Who,
    /// The workspace of the parent company, if who did it is a user of it; `None` for the workspace's own users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_user_of: Option<WorkspaceId>,
    /// The network that the request came from; `None` for an operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// What was done.
    pub action: AuditAction,
    /// The user whom it was done to, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The run that it was about, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// What changed, field by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<AuditChange>,
}

impl AuditEvent {
    /// Creates the event of a user's request.
    pub fn new(author: &Author, action: AuditAction, at: Timestamp) -> Self {
        Self {
            at,
            request_id: author.request_id.clone(),
            who: Who::User(author.user_id.clone()),
            by_user_of: author.home.clone(),
            network: Some(author.network.clone()),
            action,
            user_id: None,
            run_id: None,
            changes: Vec::new(),
        }
    }

    /// Creates the event of an operator's command.
    pub fn by_operator(request_id: String, action: AuditAction, at: Timestamp) -> Self {
        Self {
            at,
            request_id,
            who: Who::Operator,
            by_user_of: None,
            network: None,
            action,
            user_id: None,
            run_id: None,
            changes: Vec::new(),
        }
    }

    /// Sets the user whom it was done to.
    #[must_use]
    pub fn about_user(mut self, user_id: &UserId) -> Self {
        self.user_id = Some(user_id.clone());
        self
    }

    /// Sets the run that it was about.
    #[must_use]
    pub fn about_run(mut self, run_id: &RunId) -> Self {
        self.run_id = Some(run_id.clone());
        self
    }

    /// Sets what changed.
    #[must_use]
    pub fn with_changes(mut self, changes: Vec<AuditChange>) -> Self {
        self.changes = changes;
        self
    }

    /// Returns what the ids of events at this time begin with.
    pub fn id_at(at: Timestamp) -> String {
        at.strftime("%Y%m%dT%H%M%S%9fZ").to_string()
    }

    /// Returns the id of the event. Ids sort by time; one request has one event for a user at most.
    pub fn id(&self) -> String {
        let at = Self::id_at(self.at);
        let request = self.request_id.chars().filter(char::is_ascii_alphanumeric);
        let request: String = request.take(36).collect();
        let user = self.user_id.as_ref().map_or("-", UserId::as_str);
        format!("{at}_{request}_{user}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::is_plain_id;

    #[test]
    fn ids_sort_by_time_and_differ_by_request_and_by_user() {
        let id = |at: &str, request_id: &str, user: Option<&str>| {
            let at = at.parse().unwrap();
            let event = AuditEvent::by_operator(request_id.into(), AuditAction::UserEdited, at);
            let event = match user {
                Some(user) => event.about_user(&UserId::new(user)),
                None => event,
            };
            event.id()
        };
        let first = id("2026-11-24T17:00:00.5Z", "JKJaXmPLvHcESHA=", Some("usr_1"));
        assert!(is_plain_id(&first), "{first}");
        assert!(first < id("2026-11-24T17:00:00.51Z", "A", None));
        assert_ne!(
            first,
            id("2026-11-24T17:00:00.5Z", "JKJaXmPLvHcESHB=", Some("usr_1"))
        );
        assert_ne!(
            first,
            id("2026-11-24T17:00:00.5Z", "JKJaXmPLvHcESHA=", Some("usr_2"))
        );
    }
}
