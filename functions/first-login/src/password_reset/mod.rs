//! 「パスワードをお忘れの方」: asking for a link by mail, and choosing a new password with it.

pub(crate) mod ask_page;
mod open;
pub(crate) mod page;
