//! The function's routes, called with API Gateway's events, with a database behind them.

mod invitations;
mod passwords;
mod sign_in;
mod sign_in_throttle;
mod site;
mod users;
