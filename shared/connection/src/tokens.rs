//! SmartHR's tokens of a workspace, which any number of functions use at once and one at a time replaces.

mod access;
mod lock;
mod refresh;

pub use access::{SessionError, TokenError};
pub(crate) use lock::TokenLock;
pub(crate) use refresh::stored_form;
