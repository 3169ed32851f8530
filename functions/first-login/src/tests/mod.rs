//! Tests of the routes with API Gateway events and a real database.

mod addresses;
mod invitations;
mod known_browsers;
mod passkeys;
mod passwords;
mod second_factors;
mod sign_in;
mod sign_in_throttle;
mod site;
mod users;
