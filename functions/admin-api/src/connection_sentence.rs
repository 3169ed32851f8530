//! What pages and the API say about the state of a workspace's connection.

use domain::{Connection, ConnectionState};

/// Returns the state of a workspace's connection; disconnected when there never was one.
pub(crate) fn state_of(connection: Option<&Connection>) -> ConnectionState {
    connection.map_or(ConnectionState::Disconnected, |connection| connection.state)
}

/// Returns the sentence about a workspace's connection (manual: …と連携中).
pub(crate) fn connection_sentence(connection: Option<&Connection>) -> String {
    let company = connection.map_or("", |connection| connection.company.name.as_str());
    match state_of(connection) {
        ConnectionState::Disconnected => "SmartHRと連携されていません".into(),
        ConnectionState::Connected => format!("SmartHR企業アカウント<{company}>と連携中"),
        ConnectionState::ReconnectNeeded => {
            format!("SmartHR企業アカウント<{company}>との再連携が必要です")
        }
        ConnectionState::Disconnecting => {
            "連携を解除しました(SmartHRに作成した項目は、後ほど自動的に削除されます)".into()
        }
    }
}
