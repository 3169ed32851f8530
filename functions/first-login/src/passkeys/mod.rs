//! Passkeys: added, renamed and removed on /account, and used after the password and for 本人確認.
//!
//! The script of a page asks for options, and submits the browser's answer with a form. The API has no such
//! routes, since browsers make and use passkeys for pages of our own origin only.

mod asked;
pub(crate) mod confirm;
pub(crate) mod manage;
pub(crate) mod register;
pub(crate) mod sign_in;
pub(crate) mod verify;
pub(crate) mod view;
