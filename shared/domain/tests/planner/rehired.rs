//! People who are rehired, or whose record in SmartHR was created again: they get a new user, never
//! somebody else's account.

use domain::{CrewId, Employee, Role, Status, User};

use crate::company::Company;
use crate::people::{
    by_hand, code_only, employee, registered, retired, system_administrator, with_email,
};

/// Returns person 1 under the new crew id 9.
fn recorded_again() -> Employee {
    Employee {
        crew_id: CrewId::new("9"),
        ..employee("1")
    }
}

/// Returns another person, crew 9, with the address of person 1.
fn stranger() -> Employee {
    with_email("9", "1@example.jp")
}

#[test]
fn somebody_rehired_or_with_the_address_of_somebody_deleted_starts_afresh() {
    let people = [retired("1"), employee("2"), employee("3")];
    let users = ["1", "2", "3"].map(system_administrator);
    let after_departure = Company::new(people, users).after_night();
    assert_eq!(after_departure.user("1"), None, "deleted");

    for (crew, newcomer) in [
        ("1", employee("1")),
        ("9", recorded_again()),
        ("9", stranger()),
    ] {
        let mut company = after_departure.clone();
        company
            .employees
            .retain(|known| known.crew_id.as_str() != crew);
        company.employees.push(newcomer);
        assert_eq!(company.logged(crew), ("招待", "成功"));
        let user = company.user_after_night(crew);
        assert_eq!((user.role, user.status), (Role::Member, Status::Invited));
        assert_ne!(user.user_id, registered("1").user_id);
        assert_eq!(*user.groups, [company.settings.default_group].into());
    }
}

#[test]
fn a_stranger_with_the_address_of_a_user_who_stays_does_not_get_the_account() {
    // The user's own record is missing, unchanged, or has another address.
    let missing = Company::new([stranger()], [registered("1")]);
    assert_eq!(
        missing.cause("9"),
        "メールアドレスを別のユーザーが使用しています(社員1)"
    );
    let unchanged = Company::new([employee("1"), stranger()], [registered("1")]);
    assert!(
        unchanged
            .cause("9")
            .starts_with("メールアドレスが重複しています")
    );
    for company in [missing, unchanged] {
        assert_eq!(company.after_night().users, company.users);
    }

    let moved = Company::new([code_only("1"), stranger()], [registered("1")]);
    let (old, new) = (moved.user_after_night("1"), moved.user_after_night("9"));
    assert_eq!(old.user_id, moved.users[0].user_id);
    assert_ne!(new.user_id, old.user_id);
    assert_eq!((old.email, new.role), (None, Role::Member));
}

#[test]
fn a_record_made_again_fails_until_an_admin_unlinks_the_user_and_then_finds_its_account() {
    let user = User {
        role: Role::Staff,
        ..registered("1")
    };
    let mut company = Company::new([recorded_again()], [user.clone()]);
    assert_eq!(company.logged("9"), ("招待", "失敗"));
    let remedy = company.row("9").remedy;
    assert!(remedy.contains("[SmartHRとの紐付けを解除]"), "{remedy}");
    assert_eq!(company.after_night().users, company.users);

    company.users[0].crew_link = None;
    assert_eq!(company.logged("9"), ("更新", "成功"));
    let after = company.after_night();
    let found = after.user("9").unwrap();
    let expected = User {
        crew_link: found.crew_link.clone(),
        version: found.version,
        ..user
    };
    assert_eq!(after.users, [expected]);
    assert_eq!(after.logged("9"), ("変更なし", "成功"));
}

#[test]
fn somebody_unlinked_whose_record_is_still_there_is_linked_again() {
    let company = Company::new([employee("1")], [by_hand(registered("1"))]);
    let after = company.after_night();
    assert_eq!(after.users.len(), 1);
    assert!(after.user("1").is_some());
}

#[test]
fn an_unlinked_account_is_not_given_to_a_stranger_with_its_address_and_another_code() {
    let company = Company::new([stranger()], [by_hand(registered("1"))]);
    assert_eq!(company.logged("9"), ("招待", "失敗"));
    assert_eq!(company.after_night().users, company.users);
}
