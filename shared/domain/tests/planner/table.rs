//! One test for each row of the table that maps a person's situation to an action.

use std::sync::Arc;

use domain::{
    Credential, Employee, EmploymentStatus, LoginMethod, LoginMethodSetting, Role, Status,
    SyncTarget, User,
};
use jiff::SignedDuration;

use crate::company::{Company, NOW};
use crate::people::{
    by_hand, code, code_only, email, employee, invited, readers, registered, registered_by_sso,
    retired,
};

/// Returns a person with a changed name, code or address, one change each.
fn changed_data() -> [Employee; 3] {
    let person = employee("1");
    [
        Employee {
            name: Some("田中 花子".into()),
            ..person.clone()
        },
        Employee {
            code: Some("100".into()),
            ..person.clone()
        },
        Employee {
            email: Some("hanako@example.jp".into()),
            ..person
        },
    ]
}

#[test]
fn a_new_person_with_an_address_is_invited_as_a_member_of_the_default_group() {
    let company = Company::new([employee("1")], []);
    assert_eq!(company.logged("1"), ("招待", "成功"));

    let after = company.after_night();
    let user = after.user("1").unwrap();
    assert_eq!(user.role, Role::Member);
    assert_eq!(user.status, Status::Invited);
    assert_eq!(user.name, "社員1");
    assert_eq!(user.email, email("1@example.jp"));
    assert_eq!(user.code, code("1"));
    assert!(user.groups.contains(&after.settings.default_group));
    let open = user.invitation.as_ref().unwrap();
    assert_eq!(open.expires_at, NOW + SignedDuration::from_hours(72));
}

#[test]
fn somebody_absent_is_synced_like_anybody_employed() {
    let absent = Employee {
        status: EmploymentStatus::Absent,
        ..employee("1")
    };
    assert_eq!(
        Company::new([absent.clone()], []).logged("1"),
        ("招待", "成功")
    );
    let user = registered(&absent);
    assert_eq!(
        Company::new([absent], [user]).logged("1"),
        ("変更なし", "成功")
    );
}

#[test]
fn an_invited_person_whose_link_expired_gets_a_new_one() {
    let company = Company::new([employee("1")], [invited(&employee("1"))]);
    assert_eq!(
        company.clone().hours_later(70).logged("1"),
        ("変更なし", "成功")
    );

    let expired = company.hours_later(71);
    assert_eq!(expired.logged("1"), ("再招待", "成功"));
    let after = expired.after_night();
    let open = after.user("1").unwrap().invitation.as_ref().unwrap();
    assert_eq!(
        open.expires_at,
        expired.now + SignedDuration::from_hours(72)
    );
    assert_eq!(open.serial, 2, "the old link is dead");
}

#[test]
fn an_invited_person_whose_data_changed_is_invited_anew_at_once() {
    for today in changed_data() {
        let company = Company::new([today.clone()], [invited(&employee("1"))]);
        assert_eq!(company.logged("1"), ("再招待", "成功"), "{today:?}");
        let after = company.after_night();
        let user = after.user("1").unwrap();
        let open = user.invitation.as_ref().unwrap();
        assert_eq!(open.serial, 2, "the old link is dead");
        assert_eq!(Some(&open.fields_at_invitation.name), today.name.as_ref());
        assert_eq!(Some(&user.name), today.name.as_ref());
        assert_eq!(user.status, Status::Invited);
    }
}

#[test]
fn an_invited_person_is_invited_anew_when_the_default_group_changed() {
    let mut company = Company::new([employee("1")], [invited(&employee("1"))]);
    company.settings.default_group = readers();
    assert_eq!(company.logged("1"), ("再招待", "成功"));
    let after = company.after_night();
    let user = after.user("1").unwrap();
    let groups: Vec<_> = user.groups.iter().collect();
    assert_eq!(groups, [&readers()], "the old default group is taken back");
    assert_eq!(
        user.invitation
            .as_ref()
            .unwrap()
            .fields_at_invitation
            .default_group,
        readers()
    );
}

#[test]
fn nothing_happens_to_an_invited_person_whose_link_is_alive() {
    let company = Company::new([employee("1")], [invited(&employee("1"))]);
    assert_eq!(company.logged("1"), ("変更なし", "成功"));
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn somebody_with_sso_is_registered_at_once_and_gets_no_mail() {
    for users in [vec![], vec![invited(&employee("1"))]] {
        let mut company = Company::new([employee("1")], users);
        company.settings.login_method = LoginMethodSetting::Sso;
        assert_eq!(company.logged("1"), ("登録", "成功"));
        let after = company.after_night();
        let user = after.user("1").unwrap();
        assert_eq!(user.status, Status::Active);
        assert_eq!(user.login_method, LoginMethod::Sso);
        assert_eq!(user.invitation, None, "an open link is dead");
        assert_eq!(user.credential, Credential::None);
    }
}

#[test]
fn somebody_without_an_address_is_registered_with_an_initial_password_for_30_days() {
    let company = Company::new([code_only("1")], []);
    assert_eq!(company.logged("1"), ("登録", "成功"));
    let after = company.after_night();
    let user = after.user("1").unwrap();
    assert_eq!(user.status, Status::Active);
    assert_eq!(user.role, Role::Member);
    assert_eq!(user.invitation, None);
    let expires_at = NOW + SignedDuration::from_hours(30 * 24);
    assert_eq!(user.credential, Credential::Initial { expires_at });
}

#[test]
fn somebody_without_an_address_fails_with_sso_whatever_they_are_in_kitera() {
    let user = registered(&code_only("1"));
    for users in [vec![], vec![user.clone()], vec![invited(&code_only("1"))]] {
        let mut company = Company::new([code_only("1")], users);
        company.settings.login_method = LoginMethodSetting::Sso;
        assert_eq!(company.row("1").outcome.label(), "失敗");
        assert_eq!(company.after_night().users, company.users);
    }
}

#[test]
fn smarthr_wins_over_the_data_of_a_registered_user_and_the_role_stays() {
    for today in changed_data() {
        let user = User {
            role: Role::Administrator,
            ..registered(&employee("1"))
        };
        let company = Company::new([today.clone()], [user]);
        assert_eq!(company.logged("1"), ("更新", "成功"), "{today:?}");
        let after = company.after_night();
        let user = after.user("1").unwrap();
        assert_eq!(Some(&user.name), today.name.as_ref());
        assert_eq!(user.email, email(today.email.as_deref().unwrap()));
        assert_eq!(user.code, code(today.code.as_deref().unwrap()));
        assert_eq!(user.role, Role::Administrator);
        assert_eq!(user.credential, Credential::Password);
        assert_eq!(user.invitation, None, "nobody registered is mailed");
    }
}

#[test]
fn a_registered_user_gets_the_default_group_every_night_and_keeps_the_others() {
    let mut user = registered(&employee("1"));
    user.groups = Arc::new([readers()].into());
    let company = Company::new([employee("1")], [user]);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    let after = company.after_night();
    assert_eq!(after.user("1").unwrap().groups.len(), 2);
}

#[test]
fn nothing_is_written_for_a_registered_user_who_is_as_smarthr_says() {
    let company = Company::new([employee("1")], [registered(&employee("1"))]);
    assert_eq!(company.logged("1"), ("変更なし", "成功"));
    assert!(company.plan().is_empty());
}

#[test]
fn a_retired_person_is_deleted_registered_or_invited() {
    let others = [employee("2"), employee("3")];
    for user in [registered(&employee("1")), invited(&employee("1"))] {
        let mut company = Company::new([retired("1")], [user]);
        company.employees.extend(others.clone());
        company.users.extend(others.iter().map(registered));
        assert_eq!(company.logged("1"), ("削除", "成功"));
        let after = company.after_night();
        assert_eq!(after.user("1"), None);
        assert_eq!(after.users.len(), 2);
    }
}

#[test]
fn a_retired_person_is_deleted_even_when_no_longer_chosen_to_be_synced() {
    let person = Employee {
        sync_choice: Some(false),
        ..retired("1")
    };
    let mut company = Company::new([person], [registered(&employee("1"))]);
    company.settings.target = SyncTarget::Chosen;
    assert_eq!(company.logged("1"), ("削除", "成功"));
}

#[test]
fn nothing_happens_to_a_retired_person_without_a_user_or_with_one_added_by_hand() {
    let by_hand = by_hand(registered(&employee("1")));
    for users in [vec![], vec![by_hand]] {
        let company = Company::new([retired("1")], users);
        assert_eq!(company.log(), []);
        assert_eq!(company.after_night().users, company.users);
    }
}

#[test]
fn somebody_who_is_no_longer_in_smarthr_or_in_scope_is_kept_and_reported() {
    let renamed = Employee {
        name: Some("田中 花子".into()),
        sync_choice: Some(false),
        ..employee("1")
    };
    for employees in [vec![], vec![renamed]] {
        let mut company = Company::new(employees, [registered(&employee("1"))]);
        company.settings.target = SyncTarget::Chosen;
        assert_eq!(company.logged("1"), ("対象外", "成功"));
        assert_eq!(
            company.after_night().users,
            company.users,
            "no longer updated"
        );
    }
}

#[test]
fn a_registered_user_moves_between_password_and_sso() {
    let mut to_sso = Company::new([employee("1")], [registered(&employee("1"))]);
    to_sso.settings.login_method = LoginMethodSetting::Sso;
    assert_eq!(to_sso.logged("1"), ("更新", "成功"));
    let after = to_sso.after_night();
    let user = after.user("1").unwrap();
    assert_eq!(user.login_method, LoginMethod::Sso);

    let mut back = after;
    back.settings.login_method = LoginMethodSetting::Password;
    assert_eq!(back.logged("1"), ("更新", "成功"));
    let after = back.after_night();
    let user = after.user("1").unwrap();
    assert_eq!(user.login_method, LoginMethod::Password);
    assert_eq!(user.credential, Credential::Password);
    assert_eq!(user.invitation, None, "the old password still works");
}

#[test]
fn a_registered_user_who_moves_to_password_without_having_one_gets_a_link_to_set_one() {
    let company = Company::new([employee("1")], [registered_by_sso(&employee("1"))]);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    let after = company.after_night();
    let user = after.user("1").unwrap();
    assert_eq!(user.status, Status::Active);
    assert!(user.invitation.is_some());
}
