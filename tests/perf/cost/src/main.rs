//! What nights cost. Requests are counted, in a test environment of the real code and a real database;
//! prices and what cannot be counted here (how long others take to answer) stand in `prices.rs`.

#![expect(
    clippy::unwrap_used,
    reason = "a count that cannot be made is a failed count"
)]

mod bill;
mod logged;
mod meter;
mod nights;
mod prices;
mod usage;

use nights::Nights;

/// How many people a company has.
const PEOPLE: [u32; 3] = [100, 1_000, 10_000];
/// How many companies there are.
const WORKSPACES: [u32; 3] = [1, 1_000, 10_000];

// The env's clock belongs to one thread.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let logged = logged::count();
    let mut all = Vec::new();
    for people in PEOPLE {
        all.push(Nights::play(people, &logged).await);
    }
    bill::print_usage(&all);
    bill::print_requests(&all, &WORKSPACES);
    bill::print_months(&all, &WORKSPACES);
}
