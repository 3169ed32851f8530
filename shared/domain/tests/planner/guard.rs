//! Protections against removing people by mistake: the deletion guard, the last システム管理者, and a
//! permission that was revoked in SmartHR.

use domain::deletion_answers::MAX_LISTED;
use domain::{
    CrewId, Decision, Employee, LoginMethodSetting, Role, SmartHrField, Status, SyncTarget,
    TenantId, User, UserId,
};

use crate::account_changes::answered;
use crate::company::Company;
use crate::people::{
    address_only, by_hand, code_only, employee, invited, registered, registered_by_sso, retired,
    system_administrator,
};

const LAST_SYSTEM_ADMINISTRATOR: &str = "最後のシステム管理者のため、削除できません";

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
    Company::new(people, ids.iter().map(|id| registered(id)))
}

fn user_id(crew: &str) -> UserId {
    registered(crew).user_id
}

fn nobody() -> Vec<String> {
    Vec::new()
}

#[test]
fn a_fifth_of_the_linked_users_may_go_and_one_more_is_held() {
    assert_eq!(leaving(20, 100).order().len(), 20);
    let company = leaving(21, 100);
    assert_eq!(company.order(), nobody());
    assert_eq!(company.logged("000"), ("削除", "保留"));
    let cause = company.row("000").cause;
    assert!(cause.starts_with("一度に多くの退職者がいるため"), "{cause}");
    assert!(!cause.contains("保留"), "the result says it: {cause}");
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn users_who_are_not_linked_do_not_make_the_company_larger() {
    let mut company = leaving(6, 20);
    let strangers = (0..500).map(|number| by_hand(registered(&format!("hand-{number}"))));
    company.users.extend(strangers);
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
    company.decisions.allowed = ["000", "001", "002", "003"].map(user_id).into();
    company.decisions.refused = ["004", "005"].map(user_id).into();
    assert_eq!(company.order(), ["000", "001", "002", "003"]);
    assert_eq!(company.logged("004"), ("対象外", "成功"));
    assert!(company.row("004").cause.contains("管理者が削除を拒否"));
    let after = company.after_night();
    assert!(after.user("004").is_some());
    assert_eq!(after.order(), nobody(), "refused for good");
}

#[test]
fn the_rest_stays_held_when_an_admin_has_answered_for_some() {
    let mut company = leaving(8, 10).after_night();
    company.decisions.refused = ["000", "001"].map(user_id).into();
    company.decisions.allowed = ["002"].map(user_id).into();
    assert_eq!(company.order(), ["002"]);
    let after = company.after_night();
    assert_eq!(after.order(), nobody());
    assert_eq!(after.logged("007"), ("削除", "保留"));
}

#[test]
fn held_people_stay_held_when_the_company_grows_meanwhile() {
    let mut company = leaving(6, 10);
    let newcomers = (0..100).map(|number| employee(&format!("new-{number}")));
    company.employees.extend(newcomers);
    let after = company.after_night();
    assert_eq!(after.users.len(), 110);
    assert_eq!(after.order(), nobody());
    assert_eq!(after.logged("000"), ("削除", "保留"));
}

#[test]
fn held_people_stay_held_when_some_of_them_turn_out_to_be_employed() {
    let mut company = leaving(8, 10).after_night();
    company.employees = leaving(3, 10).employees;
    assert_eq!(company.order(), nobody());
    assert_eq!(company.logged("002"), ("削除", "保留"));
    let cause = company.row("002").cause;
    assert!(
        cause.contains("まだ回答がない") && !cause.contains("多くの"),
        "{cause}"
    );
}

#[test]
fn a_few_who_leave_later_go_while_others_are_still_held() {
    let mut company = leaving(21, 100).after_night();
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
    company.employees[0] = employee("000");
    let mut company = company.after_night();
    assert!(!company.decisions.refused.contains(&user_id("000")));
    assert!(company.decisions.refused.contains(&user_id("001")));
    company.employees[0] = retired("000");
    assert_eq!(company.order(), ["000"]);
}

#[test]
fn an_answer_of_an_admin_while_the_run_was_under_way_is_not_lost() {
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
fn the_last_system_administrator_is_never_deleted_even_when_only_invited() {
    let invited = User {
        role: Role::SystemAdministrator,
        ..invited("1")
    };
    for last in [system_administrator("1"), invited] {
        let company = Company::new([retired("1")], [last, registered("2")]);
        assert_eq!(company.logged("1"), ("削除", "失敗"));
        assert_eq!(company.cause("1"), LAST_SYSTEM_ADMINISTRATOR);
        assert_eq!(company.after_night().users, company.users);
    }
}

#[test]
fn of_several_system_administrators_who_leave_one_stays() {
    let mut company = leaving(3, 3);
    company.users = ids(3).iter().map(|id| system_administrator(id)).collect();
    assert_eq!(company.order(), ["000", "001"]);
    for company in [&company, &company.after_night()] {
        assert_eq!(company.cause("002"), LAST_SYSTEM_ADMINISTRATOR);
    }
}

#[test]
fn a_system_administrator_may_go_when_another_can_sign_in() {
    let staying = by_hand(system_administrator("2"));
    let mut company = Company::new([retired("1")], [system_administrator("1"), staying]);
    assert_eq!(company.logged("1"), ("削除", "成功"));

    company.users[1].status = Status::Invited;
    assert_eq!(company.cause("1"), LAST_SYSTEM_ADMINISTRATOR);
}

#[test]
fn the_last_system_administrator_with_a_password_keeps_it_when_everybody_moves_to_sso() {
    let administrators = ["1", "2"].map(system_administrator);
    let company = Company::new(["1", "2"].map(employee), administrators)
        .signing_in_by(LoginMethodSetting::Sso);
    let company = answered(&company, Decision::Allow);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    assert_eq!(company.logged("2"), ("更新", "失敗"));
    assert_eq!(
        company.cause("2"),
        "パスワードでログインできる最後のシステム管理者のため、認証方法をSSOに変更できません"
    );
    let after = company.after_night();
    assert_eq!(after.users[1], company.users[1]);
    assert_eq!(after.logged("2"), ("更新", "失敗"), "every night");
}

#[test]
fn a_system_administrator_who_is_not_in_smarthr_lets_all_others_move_to_sso() {
    let by_hand = by_hand(system_administrator("2"));
    let company = Company::new([employee("1")], [system_administrator("1"), by_hand])
        .signing_in_by(LoginMethodSetting::Sso);
    let company = answered(&company, Decision::Allow);
    assert_eq!(company.logged("1"), ("更新", "成功"));
}

#[test]
fn a_system_administrator_who_signs_in_by_sso_does_not_let_the_last_password_go() {
    let by_sso = User {
        role: Role::SystemAdministrator,
        ..by_hand(registered_by_sso("2"))
    };
    let company = Company::new([retired("1")], [system_administrator("1"), by_sso]);
    assert_eq!(company.cause("1"), LAST_SYSTEM_ADMINISTRATOR);
}

/// Returns a company of five registered people of whom some are changed in SmartHR.
fn company_of_five<const N: usize>(changed: [Employee; N]) -> Company {
    let unchanged = ["1", "2", "3", "4", "5"].into_iter().skip(N);
    Company::new(
        changed.into_iter().chain(unchanged.map(employee)),
        ["1", "2", "3", "4", "5"].map(registered),
    )
}

/// Returns a company of five of whom three lost their address, after the night that asked about them. A fourth retired.
fn asked_about_lost_addresses() -> Company {
    let mut company = company_of_five(["1", "2", "3"].map(code_only));
    company.employees[3] = retired("4");
    let plan = company.plan();
    assert_eq!(plan.permission_lost, Some(SmartHrField::Email));
    assert_eq!(company.order(), ["4"], "the leaver goes all the same");
    company.after_night()
}

#[test]
fn addresses_or_codes_missing_for_most_of_those_who_had_one_wait_for_an_answer() {
    for (lost, field) in [
        (["1", "2", "3"].map(code_only), SmartHrField::Email),
        (["1", "2", "3"].map(address_only), SmartHrField::Code),
    ] {
        let mut company = company_of_five(lost.clone());
        let nobody_knows = Employee {
            crew_id: CrewId::new("new"),
            email: None,
            code: None,
            ..employee("new")
        };
        company.employees.push(nobody_knows);
        assert_eq!(company.plan().permission_lost, Some(field));
        for crew in ["1", "2", "3"] {
            assert_eq!(company.logged(crew), ("更新", "保留"));
            let [change] = company.row(crew).changes.try_into().unwrap();
            assert!(
                change.new.is_empty() && !change.old.is_empty(),
                "{change:?}"
            );
        }
        assert_eq!(company.logged("4"), ("変更なし", "成功"));
        assert_eq!(company.after_night().users, company.users);
    }
}

#[test]
fn a_new_person_without_an_address_waits_while_the_addresses_of_most_are_missing() {
    let mut company = company_of_five(["1", "2", "3"].map(code_only));
    company.employees.push(code_only("new"));
    assert_eq!(company.logged("new"), ("登録", "失敗"));
    assert!(company.cause("new").contains("メールアドレス"));
    let allowed = answered(&company, Decision::Allow);
    assert_eq!(allowed.logged("new"), ("登録", "成功"));
}

#[test]
fn addresses_lost_on_purpose_go_once_a_system_administrator_allowed_it() {
    let company = answered(&asked_about_lost_addresses(), Decision::Allow);
    assert_eq!(company.order(), ["1", "2", "3"]);
    assert_eq!(company.plan().permission_lost, None);
    let after = company.after_night();
    assert_eq!(after.user("1").unwrap().email, None);
    assert_eq!(after.account_answers, []);
    assert_eq!(after.logged("1"), ("変更なし", "成功"));
}

#[test]
fn addresses_that_come_back_need_no_answer() {
    let mut company = asked_about_lost_addresses();
    company.employees = ["1", "2", "3", "5"].map(employee).into();
    assert_eq!(company.order(), nobody());
    assert_eq!(company.logged("1"), ("変更なし", "成功"));
}

#[test]
fn an_answer_about_some_lost_addresses_is_none_about_the_others() {
    let mut company = answered(&asked_about_lost_addresses(), Decision::Allow);
    company
        .account_answers
        .retain(|it| it.change.user_id != user_id("3"));
    company.account_answers[0].decision = Decision::Refuse;
    let after = company.after_night();
    for company in [&company, &after] {
        assert_eq!(company.logged("1"), ("変更なし", "成功"), "refused");
        assert_eq!(company.logged("3"), ("更新", "保留"), "not answered");
    }
    assert_eq!(after.user("2").unwrap().email, None);
}

#[test]
fn people_who_are_left_out_because_most_lost_their_address_are_a_warning() {
    let company = company_of_five(["1", "2", "3"].map(code_only)).syncing(SyncTarget::Everyone);
    assert_eq!(company.plan().permission_lost, None);
    assert_eq!(company.logged("1"), ("対象外", "警告"));
    let everybody = company_of_five(["1", "2", "3", "4", "5"].map(code_only));
    let everybody = everybody.syncing(SyncTarget::Everyone);
    assert_eq!(everybody.plan().permission_lost, Some(SmartHrField::Email));
}

#[test]
fn users_of_the_former_company_who_are_not_in_the_new_one_are_a_warning_each() {
    let mut company = Company::new([employee("1")], [registered("1"), registered("2")]);
    company.tenant = TenantId::new("another");
    assert_eq!(company.logged("1"), ("更新", "成功"), "found by address");
    let rows = company.log();
    let left: Vec<_> = rows
        .iter()
        .filter(|row| row.action.label() == "対象外")
        .collect();
    let [row] = left.as_slice() else {
        panic!("{left:?}")
    };
    assert_eq!(row.user_id, Some(user_id("2")));
    assert_eq!(row.outcome.label(), "警告");
    assert!(row.cause.contains("引き続きログインできます"));
}

#[test]
fn some_people_may_lose_their_address() {
    let company = company_of_five(["1", "2"].map(code_only));
    assert_eq!(company.order(), ["1", "2"]);
    let by_sso = company.signing_in_by(LoginMethodSetting::Sso);
    assert!(by_sso.cause("1").contains("SSO"));
}

#[test]
fn retired_people_without_an_address_put_nothing_in_question() {
    let company = company_of_five(["1", "2", "3"].map(|id| Employee {
        email: None,
        ..retired(id)
    }));
    assert_eq!(company.order(), ["1", "2", "3"]);
}

#[test]
fn more_people_than_can_be_listed_are_held_until_each_of_them_was_listed_and_answered() {
    let people = 2 * MAX_LISTED + 1;
    let mut company = leaving(people, 3 * MAX_LISTED);
    let mut deleted = 0;
    for (listed, more_held) in [(MAX_LISTED, true), (MAX_LISTED, true), (1, false)] {
        let plan = company.plan();
        assert!(plan.is_empty(), "nobody goes unasked");
        assert_eq!(plan.held.len(), people - deleted);
        company = company.after_night();
        assert_eq!(company.decisions.held.len(), listed);
        assert_eq!(company.decisions.more_held, more_held);

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
    for number in 0..6 * MAX_LISTED {
        let id = format!("new-{number}");
        company.users.push(registered(&id));
        company.employees.push(employee(&id));
    }
    assert!(company.plan().is_empty());
    assert_eq!(company.plan().held.len(), MAX_LISTED + 1);
}
