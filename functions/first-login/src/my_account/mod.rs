//! `/account`: the password and the sessions of the user who is signed in.

pub(crate) mod page;
pub(crate) mod password;
pub(crate) mod sessions;
