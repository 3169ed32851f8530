//! Plans for a hundred thousand people. The tests measure no time: quadratic work would take
//! minutes, which nobody overlooks.

use domain::steps::steps;
use domain::{Employee, EmploymentStatus, User};

use crate::company::Company;
use crate::people::{employee, registered};

const PEOPLE: usize = 100_000;

fn id(number: usize) -> String {
    format!("{number:06}")
}

fn everybody() -> impl Iterator<Item = Employee> {
    (0..PEOPLE).map(|number| employee(&id(number)))
}

fn everybody_registered() -> impl Iterator<Item = User> {
    everybody().map(|person| registered(&person))
}

#[test]
fn a_first_night_invites_everybody() {
    let company = Company::new(everybody(), []);
    let plan = company.plan();
    assert_eq!(plan.changes.len(), PEOPLE);
    let steps = steps(&plan, 98);
    assert_eq!(steps.len(), PEOPLE.div_ceil(24), "four items each");
}

#[test]
fn an_ordinary_night_changes_nobody() {
    let company = Company::new(everybody(), everybody_registered());
    assert!(company.plan().is_empty());
}

#[test]
fn everybody_gets_the_code_of_the_next() {
    let people = everybody().enumerate().map(|(number, person)| Employee {
        code: Some(id(number + 1)),
        ..person
    });
    let company = Company::new(people, everybody_registered());
    let plan = company.plan();
    assert_eq!(plan.changes.len(), PEOPLE);
    let last = plan.changes[0].employee();
    assert_eq!(last.crew_id.as_str(), id(PEOPLE - 1), "nobody has it yet");
}

#[test]
fn everybody_has_the_same_code_and_address() {
    let people = everybody().map(|person| Employee {
        code: Some("0".into()),
        email: Some("info@example.jp".into()),
        ..person
    });
    let company = Company::new(people, everybody_registered());
    assert_eq!(company.plan().failures.len(), PEOPLE);
}

#[test]
fn a_company_that_closes_is_held() {
    let people = everybody().map(|person| Employee {
        status: EmploymentStatus::Retired,
        ..person
    });
    let company = Company::new(people, everybody_registered());
    assert_eq!(company.plan().held.len(), PEOPLE);
}

#[test]
fn nobody_can_move_when_the_first_of_a_long_chain_fails() {
    let people = everybody().enumerate().map(|(number, person)| Employee {
        code: Some(id(number + 1)),
        name: (number + 1 < PEOPLE).then(|| "社員".into()),
        ..person
    });
    let company = Company::new(people, everybody_registered());
    assert_eq!(company.plan().failures.len(), PEOPLE);
}
