//! Provisioning with a real table.

mod desk;
mod new_links;
mod new_workspaces;
mod parent_companies;
mod updates;
