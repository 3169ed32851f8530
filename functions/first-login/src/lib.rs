//! The pages and API routes of people who are not signed in yet: they accept an invitation, sign in, or
//! replace an initial password. Signed-in users change their password and sign out here as well.

mod account;
mod app;
mod client;
mod guess_records;
mod help;
mod invitation;
mod known_browser;
mod my_account;
mod network_throttle;
mod new_session;
mod openapi;
mod page_user;
mod passkeys;
mod password;
mod password_reset;
mod refusals;
mod routes;
mod second_factor;
mod sign_in;
mod sign_in_throttle;
mod sign_out;
mod start_session_and_tell;
mod welcome_page;

#[cfg(test)]
mod tests;

pub use app::App;
pub use openapi::ApiDocument;
pub use routes::router;
