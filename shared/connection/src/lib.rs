//! A workspace's connection to SmartHR: connected, set up, looked after and disconnected.
//!
//! Everything is a method of [`Connections`]; each file adds the part that its name says. Tokens are
//! in Secrets Manager, under the workspace and the SmartHR company they belong to. Which company is
//! connected is decided by one write of the connection's record in DynamoDB, and how the record may
//! change by [`domain::transition`].

mod callback;
mod confirm_company;
mod connect;
mod connect_company;
mod connections;
mod custom_items;
mod disconnect;
mod exchange_code;
mod first_settings;
mod held_deletions;
mod left_companies;
mod reconnect_needed;
mod save_settings;
mod stop_runs;
mod tokens;
mod update;

pub use callback::{Callback, CallbackOutcome, Caller};
pub use confirm_company::ConfirmError;
pub use connect::ConnectError;
pub use connections::{Clock, Connections, SetupError};
pub use custom_items::known_item_ids;
pub use disconnect::DisconnectOutcome;
pub use held_deletions::DecideHeldDeletionsError;
pub use save_settings::{SAVED, SaveSettingsError};
pub use tokens::{SessionError, TokenError};
