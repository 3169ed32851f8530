//! The order of changes, and the assignment of the last seats.

use domain::{Employee, User};

use crate::company::Company;
use crate::people::{by_hand, code_only, employee, invited, registered, retired};

fn without_code(id: &str) -> Employee {
    Employee {
        code: None,
        ..employee(id)
    }
}

#[test]
fn deletions_come_first_then_updates_then_additions() {
    let renamed = Employee {
        name: Some("田中 花子".into()),
        ..employee("5")
    };
    let company = Company::new(
        [employee("1"), renamed, retired("9")],
        [registered(&employee("5")), registered(&employee("9"))],
    );
    assert_eq!(company.order(), ["9", "5", "1"]);
}

#[test]
fn additions_come_by_code_and_people_without_one_last_by_crew() {
    let company = Company::new(
        [
            without_code("y"),
            employee("020"),
            without_code("x"),
            code_only("100"),
            employee("003"),
        ],
        [],
    );
    assert_eq!(company.order(), ["003", "020", "100", "x", "y"]);
}

#[test]
fn the_first_by_code_get_the_last_seats_and_the_others_fail() {
    let mut company = Company::new([employee("3"), employee("1"), employee("2")], []);
    company.workspace.seats = 2;
    assert_eq!(company.order(), ["1", "2"]);
    assert_eq!(
        company.cause("3"),
        "KiteRaで契約しているプランのユーザー数を超過しています(上限2人)"
    );
    let next = company.after_night();
    assert_eq!(next.order(), Vec::<String>::new());
    assert!(next.cause("3").contains("超過"), "the same one every night");
}

#[test]
fn invited_people_and_those_added_by_hand_take_seats() {
    let mut company = Company::new(
        [employee("1"), employee("4")],
        [
            invited(&employee("1")),
            by_hand(registered(&employee("2"))),
            registered(&employee("3")),
        ],
    );
    company.workspace.seats = 3;
    assert!(company.cause("4").contains("超過"));
    company.workspace.seats = 4;
    assert_eq!(company.logged("4"), ("招待", "成功"));
}

#[test]
fn people_who_leave_make_room_in_the_same_night() {
    let mut company = Company::new([retired("1"), employee("2")], [registered(&employee("1"))]);
    company.workspace.seats = 1;
    assert_eq!(company.order(), ["1", "2"]);
}

#[test]
fn somebody_who_fails_takes_no_seat() {
    let nameless = Employee {
        name: None,
        ..employee("1")
    };
    let mut company = Company::new([nameless, employee("2")], []);
    company.workspace.seats = 1;
    assert_eq!(company.order(), ["2"]);
}

#[test]
fn a_user_added_by_hand_needs_no_further_seat_when_linked() {
    let mut company = Company::new([employee("1")], [by_hand(registered(&employee("1")))]);
    company.workspace.seats = 1;
    assert_eq!(company.logged("1"), ("更新", "成功"));
}

#[test]
fn a_workspace_beyond_its_seats_loses_nobody_and_gains_nobody() {
    let users: Vec<User> = ["1", "2", "3"].map(|id| registered(&employee(id))).into();
    let renamed = Employee {
        name: Some("田中 花子".into()),
        ..employee("1")
    };
    let mut company = Company::new(
        [renamed, employee("2"), employee("3"), employee("4")],
        users,
    );
    company.workspace.seats = 2;
    assert_eq!(company.order(), ["1"]);
    assert!(company.cause("4").contains("超過"));
}
