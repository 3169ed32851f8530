//! Matching of people in SmartHR with users in KiteRa.

use domain::{CrewId, CrewLink, Role, TenantId, User, UserId};

use crate::company::Company;
use crate::people::{address_only, by_hand, code, code_only, email, employee, invited, registered};

fn added_by_hand(email: Option<&str>, code: Option<&str>) -> User {
    User {
        name: "手動 追加".into(),
        email: email.and_then(crate::people::email),
        code: code.and_then(crate::people::code),
        role: Role::Staff,
        ..by_hand(registered("hand"))
    }
}

#[test]
fn a_user_added_by_hand_is_found_by_address_whatever_its_case_and_keeps_role_and_groups() {
    let company = Company::new([employee("1")], [added_by_hand(Some("1@EXAMPLE.jp"), None)]);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    assert_eq!(company.after_night().users.len(), 1);
    let user = company.user_after_night("1");
    assert_eq!(user.name, "社員1");
    assert_eq!(user.role, Role::Staff);
    assert!(user.groups.is_superset(&company.users[0].groups));
    assert!(user.groups.contains(&company.settings.default_group));
}

#[test]
fn a_user_added_by_hand_is_found_by_code() {
    for person in [employee("1"), code_only("1")] {
        let company = Company::new([person], [added_by_hand(None, Some("1"))]);
        assert_eq!(company.logged("1"), ("更新", "成功"));
        assert_eq!(company.after_night().users.len(), 1);
    }
}

#[test]
fn the_address_goes_before_the_code() {
    let by_address = added_by_hand(Some("1@example.jp"), None);
    let by_code = User {
        user_id: UserId::new("by code"),
        ..added_by_hand(None, Some("1"))
    };
    let company = Company::new([employee("1")], [by_code, by_address]);
    assert_eq!(
        company.cause("1"),
        "従業員コードを別のユーザーが使用しています(手動 追加)"
    );
}

#[test]
fn a_user_whose_other_identifier_disagrees_is_not_taken_over() {
    for user in [
        added_by_hand(Some("1@example.jp"), Some("999")),
        added_by_hand(Some("boss@example.jp"), Some("1")),
    ] {
        let company = Company::new([employee("1")], [user]);
        assert_eq!(
            company.cause("1"),
            "メールアドレスと従業員コードの一方だけが既存のユーザーと一致しています(手動 追加)"
        );
        assert_eq!(company.after_night().users, company.users);
    }
}

#[test]
fn a_user_claimed_by_two_people_by_different_identifiers_goes_to_neither() {
    let user = added_by_hand(Some("1@example.jp"), Some("2"));
    let company = Company::new([employee("1"), code_only("2")], [user]);
    assert!(company.cause("1").contains("一方だけ"));
    assert!(company.cause("2").contains("別のユーザーが使用"));
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn the_person_who_has_the_address_gets_the_user_and_the_code_goes_on_to_its_new_owner() {
    let user = added_by_hand(Some("1@example.jp"), Some("2"));
    let company = Company::new([address_only("1"), employee("2")], [user]);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    assert_eq!(company.logged("2"), ("招待", "成功"));
    let after = company.after_night();
    assert_eq!(after.user("1").unwrap().email, email("1@example.jp"));
    assert_eq!(after.user("2").unwrap().code, code("2"));
}

#[test]
fn an_invitation_made_by_hand_is_made_again_only_when_its_data_differ() {
    let mut company = Company::new([employee("1")], [by_hand(invited("1"))]);
    assert_eq!(company.logged("1"), ("更新", "成功"));

    let invitation = company.users[0].invitation.as_mut().unwrap();
    invitation.fields_at_invitation.name = "旧姓".into();
    assert_eq!(company.logged("1"), ("再招待", "成功"));
}

#[test]
fn people_linked_to_another_smarthr_company_are_matched_again() {
    let elsewhere = |id: &str, crew: &str| User {
        crew_link: Some(CrewLink {
            tenant_id: TenantId::new("old tenant"),
            crew_id: CrewId::new(crew),
        }),
        ..registered(id)
    };
    // The crew ids in the old company happen to be swapped in the new one.
    let users = [("1", "2"), ("2", "1"), ("3", "3")].map(|(id, crew)| elsewhere(id, crew));
    let company = Company::new([employee("1"), employee("2")], users);
    let after = company.after_night();
    assert_eq!(after.users.len(), 3);
    assert_eq!(after.user("1").unwrap().email, email("1@example.jp"));
    assert_eq!(after.user("2").unwrap().email, email("2@example.jp"));
    let untouched = after.users.contains(&company.users[2]);
    assert!(untouched, "nobody in the new company is user 3");
}
