//! The console, as pages and as a JSON API: the link to SmartHR and its settings, runs and their history, users.

mod app;
mod delete_user;
mod deleted_users;
mod disconnect;
mod gate;
mod idempotency;
mod identity;
mod initial_password;
mod input;
mod integration_view;
mod invitations;
mod link;
mod log_rows;
mod openapi;
mod pages;
mod previews;
mod roles;
mod routes;
mod run_people;
mod run_view;
mod runs;
mod session;
mod settings;
mod start_run;
mod unlink;
mod user_changes;
mod user_view;
mod users;
mod words;

#[cfg(test)]
mod tests;

pub use app::App;
pub use routes::router;
