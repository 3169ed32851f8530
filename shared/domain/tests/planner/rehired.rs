//! People who are rehired, or whose record in SmartHR was created again: they get a new user, never
//! somebody else's account.

use domain::{CrewId, Employee, Role, Status, User, UserId};

use crate::company::Company;
use crate::people::{administrator, by_hand, employee, registered, retired};

/// Returns the same person under another crew id.
fn made_anew(person: &Employee, crew: &str) -> Employee {
    Employee {
        crew_id: CrewId::new(crew),
        ..person.clone()
    }
}

/// Returns a company after the run that deleted a システム管理者 who left.
fn after_departure() -> Company {
    let user = administrator(registered(&employee("1")));
    let others = ["2", "3"].map(|id| administrator(registered(&employee(id))));
    let people = [retired("1"), employee("2"), employee("3")];
    let company = Company::new(people, std::iter::once(user).chain(others)).after_night();
    assert_eq!(company.user("1"), None, "deleted");
    company
}

fn starts_afresh(company: &Company, crew: &str) {
    assert_eq!(company.logged(crew), ("招待", "成功"));
    let after = company.after_night();
    let user = after.user(crew).unwrap();
    assert_eq!(user.role, Role::Member);
    assert_eq!(user.status, Status::Invited);
    assert_ne!(user.user_id, registered(&employee("1")).user_id);
    let groups = std::collections::BTreeSet::from([after.settings.default_group.clone()]);
    assert_eq!(*user.groups, groups);
}

#[test]
fn somebody_rehired_under_the_same_crew_id_starts_afresh() {
    let mut company = after_departure();
    company.employees[0] = employee("1");
    starts_afresh(&company, "1");
}

#[test]
fn somebody_rehired_as_a_new_crew_starts_afresh() {
    let mut company = after_departure();
    let again = made_anew(&employee("1"), "9");
    company.employees.push(again);
    starts_afresh(&company, "9");
}

#[test]
fn a_stranger_with_the_address_of_somebody_deleted_starts_afresh() {
    let mut company = after_departure();
    company.employees.push(Employee {
        email: Some("1@example.jp".into()),
        ..employee("9")
    });
    starts_afresh(&company, "9");
}

#[test]
fn a_stranger_with_the_address_of_a_user_who_stays_does_not_get_the_account() {
    let stranger = Employee {
        email: Some("1@example.jp".into()),
        ..employee("9")
    };
    // The user's own record is missing, unchanged, or has another address.
    let moved = Employee {
        email: None,
        ..employee("1")
    };
    let gone = Company::new([stranger.clone()], [registered(&employee("1"))]);
    assert_eq!(
        gone.cause("9"),
        "メールアドレスを別のユーザーが使用しています(社員1)"
    );
    assert_eq!(gone.after_night().users, gone.users);

    let same = Company::new(
        [employee("1"), stranger.clone()],
        [registered(&employee("1"))],
    );
    assert!(
        same.cause("9")
            .starts_with("メールアドレスが重複しています")
    );
    assert_eq!(same.after_night().users, same.users);

    let handed_on = Company::new([moved, stranger], [registered(&employee("1"))]);
    let after = handed_on.after_night();
    let (old, new) = (after.user("1").unwrap(), after.user("9").unwrap());
    assert_eq!(old.user_id, handed_on.users[0].user_id);
    assert_ne!(new.user_id, old.user_id);
    assert_eq!((old.email.as_ref(), new.role), (None, Role::Member));
}

#[test]
fn a_record_made_anew_fails_until_an_admin_unties_the_user_and_then_finds_its_account() {
    let user = User {
        role: Role::Administrator,
        ..registered(&employee("1"))
    };
    let again = made_anew(&employee("1"), "9");
    let mut company = Company::new([again], [user.clone()]);
    assert_eq!(company.logged("9"), ("招待", "失敗"));
    let remedy = company.row("9").remedy;
    assert!(remedy.contains("[SmartHRとの紐付けを解除]"), "{remedy}");
    assert_eq!(company.after_night().users, company.users);

    company.users[0].crew_link = None;
    assert_eq!(company.logged("9"), ("更新", "成功"));
    let after = company.after_night();
    assert_eq!(after.users.len(), 1);
    let found = after.user("9").unwrap();
    assert_eq!(found.user_id, user.user_id);
    assert_eq!(
        (found.role, found.credential, &found.groups),
        (user.role, user.credential, &user.groups)
    );
    assert_eq!(after.logged("9"), ("変更なし", "成功"));
}

#[test]
fn somebody_untied_whose_record_is_still_there_is_tied_again() {
    let user = by_hand(registered(&employee("1")));
    let company = Company::new([employee("1")], [user]);
    let after = company.after_night();
    assert_eq!(after.users.len(), 1);
    assert!(after.user("1").is_some());
}

#[test]
fn an_untied_account_is_not_given_to_a_stranger_with_its_address_and_another_code() {
    let untied = by_hand(registered(&employee("1")));
    let stranger = Employee {
        email: Some("1@example.jp".into()),
        ..employee("9")
    };
    let company = Company::new([stranger], [untied]);
    assert_eq!(company.logged("9").1, "失敗");
    assert_eq!(company.after_night().users, company.users);
    let untouched = |user: &User| user.user_id == UserId::new("user 1") && user.crew_link.is_none();
    assert!(company.after_night().users.iter().all(untouched));
}
