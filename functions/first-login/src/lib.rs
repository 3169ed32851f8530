//! The public door: accept an invitation, sign in, replace an initial password, sign out.

mod account;
mod api;
mod app;
mod brake;
mod first_login_page;
mod invitation;
mod invitation_page;
mod password_change;
mod routes;
mod set_password;
mod sign_in;
mod sign_in_page;
mod sign_out;
mod source;
mod welcome_page;

#[cfg(test)]
mod tests;

pub use api::ApiDocument;
pub use app::App;
pub use routes::router;
