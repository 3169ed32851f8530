//! The pages and API routes before and about signing in, and those of one's own account.
//!
//! | what people do | module |
//! |---|---|
//! | accept an invitation | `invitation`, `welcome_page` |
//! | sign in, and guess passwords | `sign_in`, `sign_in_throttle`, `network_throttle`, `guess_records`, `guess_refusals`, `known_browser` |
//! | replace an initial password, or change their own | `password` |
//! | choose a new password by a mailed link | `password_reset` |
//! | give a second factor, or set one up | `second_factor`, `passkeys` |
//! | look after their account, and confirm who they are | `my_account` |
//! | sign out | `sign_out` |
//! | read what to do about a failure | `help` |
//!
//! | what the modules share | module |
//! |---|---|
//! | the routes, and what they need | `routes`, `openapi`, `app` |
//! | the request: the client, and the user who is signed in | `client`, `page_user` |
//! | the account of a user | `account` |
//! | a new session, and the mail about an emergency account's | `new_session`, `emergency_sign_in` |
//! | log lines about refusals | `refusals` |

mod account;
mod app;
mod client;
mod emergency_sign_in;
mod guess_records;
mod guess_refusals;
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
mod welcome_page;

#[cfg(test)]
mod tests;

pub use app::App;
pub use openapi::ApiDocument;
pub use routes::router;
