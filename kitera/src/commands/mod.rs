//! The subcommands, one per file.

pub(crate) mod bring_back;
mod connection_order;
pub(crate) mod erase;
pub(crate) mod last_night;
pub(crate) mod mails;
pub(crate) mod offboard;
pub(crate) mod person;
pub(crate) mod preview;
pub(crate) mod relink_undo;
pub(crate) mod restore;
pub(crate) mod run;
pub(crate) mod seats;
pub(crate) mod show;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod void_links;
pub(crate) mod workspaces;
