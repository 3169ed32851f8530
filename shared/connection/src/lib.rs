//! A workspace's connection to SmartHR: connecting, settings, tokens, the webhook, and disconnecting.
//!
//! Everything is a method of [`Connections`]; each file adds the part that it is named after. Secrets
//! Manager holds the tokens per workspace and SmartHR company. A single write of the connection's
//! record in DynamoDB determines the connected company; [`domain::transition`] defines the allowed
//! changes.

mod account_changes;
mod applied_plan;
mod callback;
mod confirm_company;
mod connect;
mod connect_company;
mod connections;
mod custom_items;
mod decision_error;
mod delete_items_and_webhook;
mod disconnect;
mod exchange_code;
mod first_settings;
mod held_deletions;
mod left_companies;
mod operator;
mod reconnect_needed;
mod save_settings;
mod save_settings_error;
mod stop_runs;
mod tokens;
mod update;
mod webhook;

pub use callback::{Callback, CallbackOutcome, Caller};
pub use confirm_company::ConfirmError;
pub use connect::ConnectError;
pub use connections::{Clock, Connections, SetupError};
pub use custom_items::known_item_ids;
pub use decision_error::DecisionError;
pub use disconnect::DisconnectOutcome;
pub use operator::RestoreConnectionError;
pub use save_settings::SAVED;
pub use save_settings_error::SaveSettingsError;
pub use tokens::{SessionError, TokenError};
