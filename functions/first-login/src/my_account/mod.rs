//! `/account`: the password and the sessions of the user who is signed in, and 本人確認.

pub(crate) mod confirm;
pub(crate) mod page;
pub(crate) mod password;
pub(crate) mod sessions;
