//! The SmartHR tokens of a workspace. Any number of functions use them at once; one at a time replaces
//! them.

mod access;
mod lock;
mod refresh;

pub use access::{SessionError, TokenError};
pub(crate) use lock::TokenLock;
pub(crate) use refresh::stored_form;
