//! What waits for an admin, as far as the connection's record says it: no other record has to be read.
//!
//! Every page of the console reads that record beside the workspace's, at the same time. So banners cost one request,
//! and nothing is counted.

use super::Connection;

/// What waits for an admin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitsForAdmin {
    /// SmartHR refused our token: 再連携が必要です.
    pub reconnect: bool,
    /// How many deletions are held and unanswered.
    pub deletions: usize,
    /// How many changes of how people sign in are held and unanswered.
    pub account_changes: usize,
}

impl WaitsForAdmin {
    /// Returns what waits in a workspace with this connection; nothing without one.
    pub fn of(connection: Option<&Connection>) -> Self {
        let Some(connection) = connection.filter(|connection| connection.is_established()) else {
            return Self::default();
        };
        let asked = connection.asked_account_changes.iter();
        let unanswered = asked.filter(|asked| connection.answer_to(&asked.change).is_none());
        Self {
            reconnect: connection.needs_reconnect(),
            deletions: connection.decisions.held.len(),
            account_changes: unanswered.count(),
        }
    }
}
