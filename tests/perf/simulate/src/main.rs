//! Plays the nights of docs/performance.md and prints a line for each. Fails if one of them loses something, or an
//! alarm rings in vain.

use std::process::ExitCode;

use simulate::{Deployed, Outcome, scenario};

fn main() -> ExitCode {
    let deployed = Deployed::read();
    let mut all_good = true;
    for scenario in scenario::all() {
        let outcome = Outcome::of(&deployed, &scenario);
        println!("{outcome}");
        all_good &= outcome.is_good();
    }
    if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
