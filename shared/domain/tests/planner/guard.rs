//! Protections against removing people by mistake: the deletion guard, the last システム管理者, and a
//! permission that was revoked in SmartHR.

use domain::guard::MAX_LISTED;
use domain::{Employee, LoginMethodSetting, RunFailure, Status, User, UserId};

use crate::company::Company;
use crate::people::{administrator, by_hand, code_only, employee, invited, registered, retired};

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:03}")).collect()
}

/// Returns a company of `linked` people of whom the first `leaving` have retired.
fn leaving(leaving: usize, linked: usize) -> Company {
    let ids = ids(linked);
    let people = ids.iter().enumerate().map(|(number, id)| {
        if number < leaving {
            retired(id)
        } else {
            employee(id)
        }
    });
    Company::new(people, ids.iter().map(|id| registered(&employee(id))))
}

fn user_id(crew: &str) -> UserId {
    registered(&employee(crew)).user_id
}

#[test]
fn up_to_five_retirements_go_through_in_the_smallest_company() {
    assert_eq!(leaving(5, 5).order().len(), 5);
}

#[test]
fn a_fifth_of_the_linked_users_may_go_and_one_more_is_held() {
    assert_eq!(leaving(20, 100).order().len(), 20);
    let company = leaving(21, 100);
    assert_eq!(company.order(), Vec::<String>::new());
    assert_eq!(company.logged("000"), ("削除", "保留"));
    assert!(
        company
            .row("000")
            .cause
            .starts_with("退職による削除を保留しました")
    );
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn users_who_are_not_linked_do_not_make_the_company_larger() {
    let mut company = leaving(6, 20);
    let strangers = ids(500);
    company.users.extend(
        strangers
            .iter()
            .map(|id| by_hand(registered(&employee(&format!("hand-{id}"))))),
    );
    assert_eq!(company.logged("000"), ("削除", "保留"));
}

#[test]
fn everything_else_goes_through_while_deletions_are_held() {
    let mut company = leaving(6, 10);
    company.employees.push(employee("new"));
    company.employees[9].name = Some("田中 花子".into());
    assert_eq!(company.order(), ["009", "new"]);
}

#[test]
fn those_whom_an_admin_allowed_go_and_those_refused_stay() {
    let mut company = leaving(6, 10);
    company.decisions.allowed = ids(4).iter().map(|id| user_id(id)).collect();
    company.decisions.refused = ["004", "005"].map(user_id).into();
    assert_eq!(company.order(), ["000", "001", "002", "003"]);
    assert_eq!(company.logged("004"), ("対象外", "成功"));
    assert!(company.row("004").cause.contains("管理者が削除を拒否"));
    let after = company.after_night();
    assert!(after.user("004").is_some());
    assert_eq!(after.order(), Vec::<String>::new(), "refused for good");
}

#[test]
fn a_refusal_goes_before_an_allowance() {
    let mut company = leaving(1, 10);
    company.decisions.allowed.insert(user_id("000"));
    company.decisions.refused.insert(user_id("000"));
    assert_eq!(company.order(), Vec::<String>::new());
}

#[test]
fn the_rest_stays_held_when_an_admin_has_answered_for_some() {
    let mut company = leaving(8, 10).after_night();
    company.decisions.refused = ["000", "001"].map(user_id).into();
    company.decisions.allowed = ["002"].map(user_id).into();
    assert_eq!(company.order(), ["002"]);
    let after = company.after_night();
    assert_eq!(after.order(), Vec::<String>::new());
    assert_eq!(after.logged("007"), ("削除", "保留"));
}

#[test]
fn held_people_stay_held_when_the_company_grows_meanwhile() {
    let mut company = leaving(6, 10);
    let newcomers = ids(100);
    company
        .employees
        .extend(newcomers.iter().map(|id| employee(&format!("new-{id}"))));
    let after = company.after_night();
    assert_eq!(after.users.len(), 110);
    assert_eq!(after.order(), Vec::<String>::new());
    assert_eq!(after.logged("000"), ("削除", "保留"));
}

#[test]
fn held_people_stay_held_when_some_of_them_turn_out_to_be_employed() {
    let mut company = leaving(8, 10).after_night();
    for number in 0..5 {
        company.employees[number] = employee(&format!("{number:03}"));
    }
    assert_eq!(company.order(), Vec::<String>::new());
    assert_eq!(company.logged("007"), ("削除", "保留"));
}

#[test]
fn a_few_who_leave_later_go_while_others_are_still_held() {
    let mut company = leaving(21, 100).after_night();
    company.workspace.seats = 1_000;
    company.employees[99] = retired("099");
    assert_eq!(company.logged("000"), ("削除", "保留"));
    assert_eq!(company.logged("099"), ("削除", "保留"), "too many together");

    for number in 0..15 {
        company.employees[number] = employee(&format!("{number:03}"));
    }
    assert_eq!(company.order(), ["099"]);
    assert_eq!(company.logged("020"), ("削除", "保留"));
}

#[test]
fn an_answer_is_forgotten_once_the_person_is_employed_again() {
    let mut company = leaving(6, 10);
    company.decisions.refused = ids(6).iter().map(|id| user_id(id)).collect();
    let mut company = company.after_night();
    let retired_000 = std::mem::replace(&mut company.employees[0], employee("000"));
    let mut company = company.after_night();
    assert!(!company.decisions.refused.contains(&user_id("000")));
    assert!(company.decisions.refused.contains(&user_id("001")));
    company.employees[0] = retired_000;
    assert_eq!(company.order(), ["000"]);
}

#[test]
fn an_answer_given_while_the_run_was_under_way_is_not_lost() {
    let company = leaving(6, 10);
    let plan = company.plan();
    let mut meanwhile = company.decisions.clone();
    meanwhile.allowed.insert(user_id("000"));
    meanwhile.refused.insert(user_id("001"));
    let kept = meanwhile.after(&plan);
    assert!(kept.allowed.contains(&user_id("000")));
    assert!(kept.refused.contains(&user_id("001")));
}

#[test]
fn the_last_system_administrator_is_never_deleted() {
    let person = retired("1");
    let user = administrator(registered(&employee("1")));
    let company = Company::new([person], [user, registered(&employee("2"))]);
    assert_eq!(
        company.cause("1"),
        "最後のシステム管理者のため、削除できません"
    );
    assert_eq!(company.row("1").action.label(), "削除");
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn of_several_system_administrators_who_leave_one_stays() {
    let mut company = leaving(3, 3);
    company.users = company.users.into_iter().map(administrator).collect();
    assert_eq!(company.order(), ["000", "001"]);
    assert!(company.cause("002").contains("最後のシステム管理者"));
    let after = company.after_night();
    assert!(after.cause("002").contains("最後のシステム管理者"));
}

#[test]
fn a_system_administrator_may_go_when_another_can_sign_in() {
    let staying = administrator(by_hand(registered(&employee("2"))));
    let going = administrator(registered(&employee("1")));
    let mut company = Company::new([retired("1")], [going, staying]);
    assert_eq!(company.logged("1"), ("削除", "成功"));

    company.users[1].status = Status::Invited;
    assert!(company.cause("1").contains("最後のシステム管理者"));
}

#[test]
fn the_last_system_administrator_stays_even_when_only_invited() {
    let user = administrator(invited(&employee("1")));
    let company = Company::new([retired("1")], [user]);
    assert!(company.cause("1").contains("最後のシステム管理者"));
}

fn without_address(id: &str) -> Employee {
    code_only(id)
}

fn without_code(id: &str) -> Employee {
    Employee {
        code: None,
        ..employee(id)
    }
}

fn company_of_five(people: [Employee; 5]) -> Company {
    let users: Vec<User> = ids(5).iter().map(|id| registered(&employee(id))).collect();
    Company::new(people, users)
}

#[test]
fn addresses_missing_for_most_of_those_who_had_one_stop_the_run() {
    let company = company_of_five([
        without_address("000"),
        without_address("001"),
        without_address("002"),
        employee("003"),
        employee("004"),
    ]);
    let failure = company.try_plan().unwrap_err();
    assert_eq!(
        failure.cause(),
        "SmartHRで多くの従業員のメールアドレスが取得できなくなりました"
    );
    assert!(failure.remedy().contains("権限"));
    assert!(matches!(failure, RunFailure::PermissionLost { .. }));
}

#[test]
fn codes_missing_for_most_of_those_who_had_one_stop_the_run() {
    let company = company_of_five(["000", "001", "002", "003", "004"].map(without_code));
    let failure = company.try_plan().unwrap_err();
    assert!(failure.cause().contains("社員番号"));
}

#[test]
fn some_people_may_lose_their_address() {
    let mut company = company_of_five([
        without_address("000"),
        without_address("001"),
        employee("002"),
        employee("003"),
        employee("004"),
    ]);
    assert_eq!(company.order(), ["000", "001"]);
    company.settings.login_method = LoginMethodSetting::Sso;
    assert!(company.cause("000").contains("SSO"));
}

#[test]
fn retired_people_without_an_address_do_not_stop_the_run() {
    let gone = |id: &str| Employee {
        email: None,
        ..retired(id)
    };
    let company = company_of_five([
        gone("000"),
        gone("001"),
        gone("002"),
        employee("003"),
        employee("004"),
    ]);
    assert_eq!(company.order(), ["000", "001", "002"]);
}

#[test]
fn more_people_than_can_be_listed_are_held_until_each_of_them_was_listed_and_answered() {
    let people = 2 * MAX_LISTED + 1;
    let mut company = leaving(people, 3 * MAX_LISTED);
    let mut deleted = 0;
    for listed in [MAX_LISTED, MAX_LISTED, 1] {
        let plan = company.plan();
        assert!(plan.is_empty(), "nobody goes unasked");
        assert_eq!(plan.held.len(), people - deleted);
        company = company.after_night();
        assert_eq!(company.decisions.held.len(), listed);
        assert_eq!(
            company.decisions.more_held,
            listed == MAX_LISTED && deleted < MAX_LISTED + 1
        );

        // An admin allows the listed deletions, and the next run deletes exactly those users.
        company.decisions.allowed = std::mem::take(&mut company.decisions.held);
        deleted += listed;
        company = company.after_night();
        assert_eq!(company.users.len(), 3 * MAX_LISTED - deleted);
    }
    assert_eq!(deleted, people);
}

#[test]
fn people_held_beyond_the_list_stay_even_when_the_company_becomes_larger() {
    let mut company = leaving(MAX_LISTED + 1, MAX_LISTED + 1).after_night();
    assert!(company.decisions.more_held);
    let joined = (0..6 * MAX_LISTED).map(|number| employee(&format!("new-{number}")));
    let joined: Vec<Employee> = joined.collect();
    company.users.extend(joined.iter().map(registered));
    company.employees.extend(joined);
    assert!(company.plan().is_empty());
    assert_eq!(company.plan().held.len(), MAX_LISTED + 1);
}
