//! The order of changes, and the assignment of the last seats.

use crate::company::Company;
use crate::people::{
    address_only, by_hand, code_only, employee, invited, nameless, registered, retired,
};

#[test]
fn additions_come_by_code_and_people_without_one_last_by_crew() {
    let company = Company::new(
        [
            address_only("y"),
            employee("020"),
            address_only("x"),
            code_only("100"),
            employee("003"),
        ],
        [],
    );
    assert_eq!(company.order(), ["003", "020", "100", "x", "y"]);
}

#[test]
fn the_first_by_code_get_the_last_seats_and_the_others_fail() {
    let company = Company::new(["3", "1", "2"].map(employee), []).with_seats(2);
    assert_eq!(company.order(), ["1", "2"]);
    assert_eq!(
        company.cause("3"),
        "KiteRaで契約しているプランのユーザー数を超過しています(上限2名)"
    );
    let next = company.after_night();
    assert!(next.plan().is_empty());
    assert!(next.cause("3").contains("超過"), "the same one every night");
}

#[test]
fn invited_people_and_those_added_by_hand_take_seats() {
    let company = Company::new(
        [employee("1"), employee("4")],
        [invited("1"), by_hand(registered("2")), registered("3")],
    );
    let full = company.with_seats(3);
    assert!(full.cause("4").contains("超過"));
    assert_eq!(full.with_seats(4).logged("4"), ("招待", "成功"));
}

#[test]
fn people_who_leave_make_room_in_the_same_night() {
    let people = [retired("1"), employee("2")];
    let company = Company::new(people, [registered("1")]).with_seats(1);
    assert_eq!(company.order(), ["1", "2"]);
}

#[test]
fn somebody_who_fails_takes_no_seat() {
    let company = Company::new([nameless("1"), employee("2")], []).with_seats(1);
    assert_eq!(company.order(), ["2"]);
}

#[test]
fn a_user_added_by_hand_needs_no_further_seat_when_linked() {
    let company = Company::new([employee("1")], [by_hand(registered("1"))]).with_seats(1);
    assert_eq!(company.logged("1"), ("更新", "成功"));
}
