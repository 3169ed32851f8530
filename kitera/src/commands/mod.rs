//! The subcommands, one per file.

pub(crate) mod workspaces;
