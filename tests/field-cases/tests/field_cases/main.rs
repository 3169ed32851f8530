//! Small inputs of the real world that products like this one fell over: each is a case, told as a sentence. A file for
//! each kind.

#![expect(clippy::unwrap_used, reason = "what cannot be had makes a case wrong")]

mod browser_forms;
mod case;
mod connection_identity;
mod guards;
mod lifetimes;
mod non_delivery;
mod one_night;
mod promise_table;
mod promises;
mod sign_in_across_workspaces;
mod smarthr_answers;
mod tokens;
mod twice;
mod typed_text;

use case::Case;

#[test]
fn field_cases() {
    let kinds: [fn() -> Vec<Case>; _] = [
        browser_forms::cases,
        connection_identity::cases,
        guards::cases,
        lifetimes::cases,
        non_delivery::cases,
        one_night::cases,
        promise_table::cases,
        promises::cases,
        sign_in_across_workspaces::cases,
        smarthr_answers::cases,
        tokens::cases,
        twice::cases,
        typed_text::cases,
    ];
    let cases: Vec<Case> = kinds.iter().flat_map(|kind| kind()).collect();
    assert!(case::run(cases), "a case is wrong");
}
