//! A workspace's link to SmartHR: made, looked after, set up and undone.
//!
//! Everything hangs on [`Connections`]; each file adds the part that its name says. Tokens are in
//! Secrets Manager, under the workspace and the SmartHR company they belong to; which company counts
//! is decided by one write of the connection's record in DynamoDB.

mod callback;
mod confirm;
mod connect;
mod connections;
mod disconnect;
mod held_deletions;
mod items;
mod left_company;
mod link;
mod reconnect_needed;
mod settings;
mod stop_runs;
mod token_lock;
mod tokens;
mod update;

pub use callback::{Callback, Caller, Outcome};
pub use confirm::ConfirmError;
pub use connect::ConnectError;
pub use connections::{Clock, Connections, SetupError};
pub use disconnect::Disconnect;
pub use held_deletions::DecideHeldDeletionsError;
pub use items::custom_item_ids;
pub use settings::{SAVED, SaveError};
pub use tokens::TokenError;
