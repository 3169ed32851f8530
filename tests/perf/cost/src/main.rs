//! Computes what nightly runs cost. Requests are counted in a test environment, with the real code and a real database.
//! Prices, and what cannot be counted here, such as the response times of AWS, are in `prices.rs`.

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

/// The numbers of people of a company.
const PEOPLE: [u32; 3] = [100, 1_000, 10_000];
/// The numbers of companies.
const WORKSPACES: [u32; 3] = [1, 1_000, 10_000];

// The clock of a test environment belongs to one thread.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let logged = logged::count();
    let mut all = Vec::new();
    for people in PEOPLE {
        all.push(Nights::measure(people, &logged).await);
    }
    bill::print_usage(&all);
    bill::print_requests(&all, &WORKSPACES);
    bill::print_months(&all, &WORKSPACES);
}
