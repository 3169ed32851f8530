//! Addresses and codes that move between people within one run.

use domain::steps::steps;
use domain::{Employee, User};

use crate::company::Company;
use crate::people::{by_hand, code, code_only, email, employee, registered, retired};

/// Returns crew `id` with the address of crew `of`.
fn with_address_of(of: &str, id: &str) -> Employee {
    Employee {
        email: employee(of).email,
        ..employee(id)
    }
}

fn users(ids: &[&str]) -> Vec<User> {
    ids.iter().map(|id| registered(&employee(id))).collect()
}

#[track_caller]
fn assert_address(company: &Company, crew: &str, address: &str) {
    assert_eq!(company.user(crew).unwrap().email, email(address), "{crew}");
}

#[test]
fn two_people_swap_their_addresses_in_one_write() {
    let company = Company::new(
        [with_address_of("2", "1"), with_address_of("1", "2")],
        users(&["1", "2"]),
    );
    assert_eq!(
        steps(&company.plan(), 1).len(),
        1,
        "however small the steps"
    );
    let after = company.after_night();
    assert_address(&after, "1", "2@example.jp");
    assert_address(&after, "2", "1@example.jp");
}

#[test]
fn one_takes_the_address_and_the_other_the_code() {
    let first = with_address_of("2", "1");
    let second = Employee {
        code: Some("1".into()),
        email: Some("new@example.jp".into()),
        ..employee("2")
    };
    let first = Employee {
        code: Some("100".into()),
        ..first
    };
    let company = Company::new([first, second], users(&["1", "2"]));
    let after = company.after_night();
    assert_address(&after, "1", "2@example.jp");
    assert_eq!(after.user("2").unwrap().code, code("1"));
}

#[test]
fn an_address_passed_on_along_a_chain_is_given_up_before_it_is_taken() {
    let company = Company::new(
        [
            with_address_of("2", "1"),
            with_address_of("3", "2"),
            with_address_of("new", "3"),
        ],
        users(&["1", "2", "3"]),
    );
    assert_eq!(company.order(), ["3", "2", "1"]);
    assert_address(&company.after_night(), "1", "2@example.jp");
}

#[test]
fn a_newcomer_gets_the_address_that_somebody_gives_up() {
    let company = Company::new(
        [with_address_of("new", "2"), with_address_of("2", "1")],
        users(&["2"]),
    );
    assert_eq!(company.order(), ["2", "1"]);
    assert_address(&company.after_night(), "1", "2@example.jp");
}

#[test]
fn an_address_of_somebody_who_leaves_is_free_in_the_same_night() {
    let taker = with_address_of("1", "2");
    for known in [vec!["1"], vec!["1", "2"]] {
        let company = Company::new([retired("1"), taker.clone()], users(&known));
        assert_eq!(company.order(), ["1", "2"]);
        assert_address(&company.after_night(), "2", "1@example.jp");
    }
}

#[test]
fn a_rehired_person_with_a_new_record_gets_a_new_user() {
    let rehired = Employee {
        code: Some("1".into()),
        ..with_address_of("1", "100")
    };
    let company = Company::new([retired("1"), rehired], users(&["1"]));
    assert_eq!(company.logged("1"), ("削除", "成功"));
    assert_eq!(company.logged("100"), ("招待", "成功"));
}

#[test]
fn an_address_whose_owner_cannot_change_is_not_free_along_the_whole_chain() {
    let nameless = Employee {
        name: None,
        ..with_address_of("new", "3")
    };
    let company = Company::new(
        [
            with_address_of("2", "1"),
            with_address_of("3", "2"),
            nameless,
        ],
        users(&["1", "2", "3"]),
    );
    assert_eq!(company.order(), Vec::<String>::new());
    assert_eq!(
        company.cause("2"),
        "メールアドレスを別のユーザーが使用しています(社員3)"
    );
    assert_eq!(
        company.cause("1"),
        "メールアドレスを別のユーザーが使用しています(社員2)"
    );
}

#[test]
fn an_address_or_code_of_a_user_outside_the_sync_is_taken() {
    let outsider = by_hand(registered(&employee("hand")));
    let company = Company::new(
        [with_address_of("hand", "1"), {
            Employee {
                code: Some("hand".into()),
                ..code_only("2")
            }
        }],
        [
            registered(&employee("1")),
            registered(&employee("2")),
            outsider,
        ],
    );
    assert_eq!(
        company.cause("1"),
        "メールアドレスを別のユーザーが使用しています(社員hand)"
    );
    assert_eq!(
        company.cause("2"),
        "従業員コードを別のユーザーが使用しています(社員hand)"
    );
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn whose_address_is_taken_does_not_depend_on_the_order_of_the_users() {
    let taker = Employee {
        code: Some("b".into()),
        ..with_address_of("a", "1")
    };
    let known = users(&["1", "a", "b"]);
    let mut company = Company::new([taker], known);
    let cause = company.cause("1");
    company.users.reverse();
    assert_eq!(company.cause("1"), cause);
}

/// Returns a company of `size` people who each take over the address and the code of the next.
fn circle(size: usize) -> Company {
    let id = |number: usize| format!("{:02}", number % size);
    Company::new(
        (0..size).map(|number| Employee {
            code: Some(id(number + 1)),
            ..with_address_of(&id(number + 1), &id(number))
        }),
        (0..size).map(|number| registered(&employee(&id(number)))),
    )
}

#[test]
fn fifteen_people_can_hand_theirs_round_in_a_circle() {
    let company = circle(15);
    assert_eq!(steps(&company.plan(), 98).len(), 1);
    let after = company.after_night();
    assert_address(&after, "00", "01@example.jp");
    assert_address(&after, "14", "00@example.jp");
}

#[test]
fn a_larger_circle_fails_with_a_reason_and_the_others_go_on() {
    let mut company = circle(16);
    company.employees.push(employee("other"));
    assert_eq!(company.order(), ["other"]);
    assert_eq!(
        company.cause("07"),
        "メールアドレスまたは従業員コードを16人の間で入れ替えるため、一度に処理できません"
    );
}
