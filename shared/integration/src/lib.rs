//! A workspace's link to SmartHR: made, looked after, set up and undone.
//!
//! Everything hangs on [`Integrations`]; each file adds the part that its name says. Tokens are in
//! Secrets Manager, under the workspace and the SmartHR company they belong to; which company counts
//! is decided by one write of the integration's record in DynamoDB.

mod callback;
mod confirm;
mod connect;
mod disconnect;
mod held_deletions;
mod integrations;
mod items;
mod left_company;
mod link;
mod relink_needed;
mod settings;
mod stop_runs;
mod token_lock;
mod tokens;
mod update;

pub use callback::{Callback, Caller, Outcome};
pub use confirm::ConfirmError;
pub use connect::BeginError;
pub use disconnect::Disconnect;
pub use held_deletions::{Decision, HeldError};
pub use integrations::{Clock, Integrations, StartError};
pub use items::items_of;
pub use settings::{SAVED, SaveError};
pub use tokens::AccessError;
