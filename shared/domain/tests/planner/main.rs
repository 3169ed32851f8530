//! The planner's specification: what a night does to each person, as an admin reads it in the
//! history and finds it in the user list.
#![expect(
    clippy::unwrap_used,
    reason = "in tests; clippy does not see that helpers of an integration test are tests"
)]

mod company;
mod failures;
mod first_login;
mod guard;
mod identifiers;
mod large;
mod matching;
mod order_and_seats;
mod people;
mod properties;
mod properties_of_steps;
mod rehired;
mod report;
mod scope;
mod table;
mod world;
