//! Addresses and codes that move between people within one run.

use domain::Employee;
use domain::steps::steps;

use crate::company::Company;
use crate::people::{
    by_hand, code, email, employee, nameless, registered, retired, with_code, with_email,
};

/// Returns crew `id` with the address of crew `of`.
fn with_address_of(of: &str, id: &str) -> Employee {
    with_email(id, &format!("{of}@example.jp"))
}

/// Returns crew `id` with the address of crew `address` and the code of crew `code`.
fn with_address_and_code_of(address: &str, code: &str, id: &str) -> Employee {
    Employee {
        code: Some(code.into()),
        ..with_address_of(address, id)
    }
}

#[track_caller]
fn assert_address(company: &Company, crew: &str, address: &str) {
    assert_eq!(company.user(crew).unwrap().email, email(address), "{crew}");
}

#[test]
fn two_people_swap_their_addresses_in_one_write() {
    let people = [with_address_of("2", "1"), with_address_of("1", "2")];
    let company = Company::new(people, ["1", "2"].map(registered));
    let steps = steps(&company.plan(), 1);
    assert_eq!(steps.len(), 1, "however small the steps");
    let after = company.after_night();
    assert_address(&after, "1", "2@example.jp");
    assert_address(&after, "2", "1@example.jp");
}

#[test]
fn one_takes_the_address_and_the_other_the_code() {
    let first = with_address_and_code_of("2", "100", "1");
    let second = with_address_and_code_of("new", "1", "2");
    let company = Company::new([first, second], ["1", "2"].map(registered));
    let after = company.after_night();
    assert_address(&after, "1", "2@example.jp");
    assert_eq!(after.user("2").unwrap().code, code("1"));
}

#[test]
fn an_address_is_given_up_before_it_is_taken() {
    let chain = [("2", "1"), ("3", "2"), ("new", "3")].map(|(of, id)| with_address_of(of, id));
    let to_a_newcomer = [with_address_of("new", "2"), with_address_of("2", "1")];
    let of_a_leaver = [retired("2"), with_address_of("2", "1")];
    for (people, known, order) in [
        (&chain[..], vec!["1", "2", "3"], vec!["3", "2", "1"]),
        (&to_a_newcomer, vec!["2"], vec!["2", "1"]),
        (&of_a_leaver, vec!["2"], vec!["2", "1"]),
        (&of_a_leaver, vec!["1", "2"], vec!["2", "1"]),
    ] {
        let company = Company::new(people.to_vec(), known.into_iter().map(registered));
        assert_eq!(company.order(), order);
        assert_address(&company.after_night(), "1", "2@example.jp");
    }
}

#[test]
fn a_rehired_person_with_a_new_record_gets_a_new_user() {
    let rehired = with_address_and_code_of("1", "1", "100");
    let company = Company::new([retired("1"), rehired], [registered("1")]);
    assert_eq!(company.logged("1"), ("削除", "成功"));
    assert_eq!(company.logged("100"), ("招待", "成功"));
}

#[test]
fn an_address_whose_owner_cannot_change_is_not_free_along_the_whole_chain() {
    let nameless = Employee {
        email: Some("new@example.jp".into()),
        ..nameless("3")
    };
    let people = [
        with_address_of("2", "1"),
        with_address_of("3", "2"),
        nameless,
    ];
    let company = Company::new(people, ["1", "2", "3"].map(registered));
    assert!(company.plan().is_empty());
    for (crew, owner) in [("2", "社員3"), ("1", "社員2")] {
        let cause = format!("メールアドレスを別のユーザーが使用しています({owner})");
        assert_eq!(company.cause(crew), cause);
    }
}

#[test]
fn an_address_or_code_of_a_user_outside_the_sync_is_taken() {
    let by_code = Employee {
        email: None,
        ..with_code("2", "hand")
    };
    let company = Company::new(
        [with_address_of("hand", "1"), by_code],
        [
            registered("1"),
            registered("2"),
            by_hand(registered("hand")),
        ],
    );
    for (crew, what) in [("1", "メールアドレス"), ("2", "従業員コード")] {
        let cause = format!("{what}を別のユーザーが使用しています(社員hand)");
        assert_eq!(company.cause(crew), cause);
    }
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn whose_address_is_taken_does_not_depend_on_the_order_of_the_users() {
    let taker = with_address_and_code_of("a", "b", "1");
    let mut company = Company::new([taker], ["1", "a", "b"].map(registered));
    let cause = company.cause("1");
    company.users.reverse();
    assert_eq!(company.cause("1"), cause);
}

/// Returns a company of `size` people who each take over the address and the code of the next.
fn circle(size: usize) -> Company {
    let id = |number: usize| format!("{:02}", number % size);
    let taking_over_from_the_next = |number| {
        let next = id(number + 1);
        with_address_and_code_of(&next, &next, &id(number))
    };
    Company::new(
        (0..size).map(taking_over_from_the_next),
        (0..size).map(|number| registered(&id(number))),
    )
}

#[test]
fn ten_people_can_hand_theirs_round_in_a_circle() {
    let company = circle(10);
    assert_eq!(steps(&company.plan(), 98).len(), 1);
    let after = company.after_night();
    assert_address(&after, "00", "01@example.jp");
    assert_address(&after, "09", "00@example.jp");
}

#[test]
fn a_larger_circle_fails_with_a_reason_and_the_others_go_on() {
    let mut company = circle(11);
    company.employees.push(employee("other"));
    assert_eq!(company.order(), ["other"]);
    assert_eq!(
        company.cause("07"),
        "多くの方の間でメールアドレスまたは従業員コードを入れ替えるため、一度に処理できません(11名)"
    );
}
