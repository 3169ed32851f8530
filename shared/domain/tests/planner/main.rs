//! The specification of the planner: the effect of a run on each person, as an admin sees it in the
//! history and in the user list.
#![expect(
    clippy::unwrap_used,
    reason = "in tests; clippy does not see that helpers of an integration test are tests"
)]

mod account_changes;
mod company;
mod failures;
mod first_login;
mod generated;
mod guard;
mod identifiers;
mod immediate;
mod large;
mod matching;
mod order_and_seats;
mod people;
mod properties;
mod properties_of_steps;
mod rehired;
mod report;
mod same_text;
mod scope;
mod table;
mod way_in;
