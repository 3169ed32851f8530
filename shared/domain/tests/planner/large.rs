//! Plans for a hundred thousand people. The tests measure no time: quadratic work would take
//! minutes, which nobody overlooks.

use domain::steps::steps;
use domain::{Employee, EmploymentStatus};

use crate::company::Company;
use crate::people::{employee, registered};

const PEOPLE: usize = 100_000;

fn id(number: usize) -> String {
    format!("{number:06}")
}

/// Returns a company whose people are all registered and now changed in SmartHR.
fn everybody_changed(change: impl Fn(usize, Employee) -> Employee) -> Company {
    let users = (0..PEOPLE).map(|number| registered(&id(number)));
    let people = (0..PEOPLE).map(|number| change(number, employee(&id(number))));
    Company::new(people, users)
}

#[test]
fn a_first_night_invites_everybody() {
    let company = Company::new((0..PEOPLE).map(|number| employee(&id(number))), []);
    let plan = company.plan();
    assert_eq!(plan.changes.len(), PEOPLE);
    let steps = steps(&plan, 98);
    assert_eq!(steps.len(), PEOPLE.div_ceil(24), "four items each");
}

#[test]
fn an_ordinary_night_changes_nobody() {
    let company = everybody_changed(|_, unchanged| unchanged);
    assert!(company.plan().is_empty());
}

#[test]
fn everybody_gets_the_code_of_the_next() {
    let company = everybody_changed(|number, person| Employee {
        code: Some(id(number + 1)),
        ..person
    });
    let plan = company.plan();
    assert_eq!(plan.changes.len(), PEOPLE);
    let last = plan.changes[0].employee();
    assert_eq!(last.crew_id.as_str(), id(PEOPLE - 1), "nobody has it yet");
}

#[test]
fn everybody_has_the_same_code_and_address() {
    let company = everybody_changed(|_, person| Employee {
        code: Some("0".into()),
        email: Some("info@example.jp".into()),
        ..person
    });
    assert_eq!(company.plan().failures.len(), PEOPLE);
}

#[test]
fn a_company_that_closes_is_held() {
    let company = everybody_changed(|_, person| Employee {
        status: EmploymentStatus::Retired,
        ..person
    });
    assert_eq!(company.plan().held.len(), PEOPLE);
}

#[test]
fn nobody_can_move_when_the_first_of_a_long_chain_fails() {
    let company = everybody_changed(|number, person| Employee {
        code: Some(id(number + 1)),
        name: (number + 1 < PEOPLE).then(|| "社員".into()),
        ..person
    });
    assert_eq!(company.plan().failures.len(), PEOPLE);
}
