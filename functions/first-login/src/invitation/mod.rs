//! The acceptance of an invitation: the status of its URL, the page, and setting the first password.

mod accept;
pub(crate) mod page;
mod status;
