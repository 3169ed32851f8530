//! Everything before and about signing in, and one's own account: people accept an invitation, sign in, and replace an
//! initial password or one that they forgot. Signed-in users change their password, second factors and passkeys, confirm
//! who they are, and sign out.

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
mod start_session;
mod welcome_page;

#[cfg(test)]
mod tests;

pub use app::App;
pub use openapi::ApiDocument;
pub use routes::router;
