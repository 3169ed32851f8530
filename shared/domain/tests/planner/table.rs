//! One test for each row of the table that maps a person's situation to an action.

use std::sync::Arc;

use domain::{
    Credential, Employee, EmploymentStatus, LoginMethod, LoginMethodSetting, Role, Status,
    SyncTarget, User,
};
use jiff::ToSpan;

use crate::company::{Company, NOW};
use crate::people::{
    by_hand, code, code_only, email, employee, invited, readers, registered, registered_by_sso,
    renamed, retired, with_code, with_email,
};

/// Returns a person with a changed name, code or address, one change each.
fn changed_data() -> [Employee; 3] {
    [
        renamed("1"),
        with_code("1", "100"),
        with_email("1", "hanako@example.jp"),
    ]
}

#[test]
fn a_new_person_with_an_address_is_invited_as_a_member_of_the_default_group() {
    let company = Company::new([employee("1")], []);
    assert_eq!(company.logged("1"), ("招待", "成功"));

    let user = company.user_after_night("1");
    assert_eq!((user.role, user.status), (Role::Member, Status::Invited));
    assert_eq!(user.name, "社員1");
    assert_eq!(user.email, email("1@example.jp"));
    assert_eq!(user.code, code("1"));
    assert!(user.groups.contains(&company.settings.default_group));
    assert_eq!(user.invitation.unwrap().expires_at, NOW + 72.hours());
}

#[test]
fn somebody_absent_is_synced_like_anybody_employed() {
    let absent = Employee {
        status: EmploymentStatus::Absent,
        ..employee("1")
    };
    let mut company = Company::new([absent], []);
    assert_eq!(company.logged("1"), ("招待", "成功"));
    company.users = vec![registered("1")];
    assert_eq!(company.logged("1"), ("変更なし", "成功"));
}

#[test]
fn an_invited_person_whose_invitation_ends_before_the_next_night_gets_a_new_one() {
    // It ends after 71 hours, an hour before the third night.
    let company = Company::new([employee("1")], [invited("1")]);
    let alive = company.clone().hours_later(47);
    assert_eq!(alive.logged("1"), ("変更なし", "成功"));

    let due = company.hours_later(48);
    assert_eq!(due.logged("1"), ("再招待", "成功"));
    let invitation = due.user_after_night("1").invitation.unwrap();
    assert_eq!(invitation.expires_at, due.now + 72.hours());
    assert_eq!(invitation.serial, 2, "the old link is dead");
}

#[test]
fn an_invited_person_whose_data_changed_is_invited_again_at_once() {
    for today in changed_data() {
        let company = Company::new([today.clone()], [invited("1")]);
        assert_eq!(company.logged("1"), ("再招待", "成功"), "{today:?}");
        let user = company.user_after_night("1");
        assert_eq!(user.status, Status::Invited);
        assert_eq!(Some(&user.name), today.name.as_ref());
        let invitation = user.invitation.unwrap();
        assert_eq!(invitation.serial, 2, "the old link is dead");
        assert_eq!(Some(invitation.fields_at_invitation.name), today.name);
    }
}

#[test]
fn an_invited_person_is_invited_again_when_the_default_group_changed() {
    let mut company = Company::new([employee("1")], [invited("1")]);
    company.settings.default_group = readers();
    assert_eq!(company.logged("1"), ("再招待", "成功"));
    let user = company.user_after_night("1");
    let only_readers = Arc::new([readers()].into());
    assert_eq!(user.groups, only_readers, "the old default group is gone");
    let invitation = user.invitation.unwrap();
    assert_eq!(invitation.fields_at_invitation.default_group, readers());
}

#[test]
fn somebody_with_sso_is_registered_at_once_and_gets_no_mail() {
    for users in [vec![], vec![invited("1")]] {
        let company = Company::new([employee("1")], users).signing_in_by(LoginMethodSetting::Sso);
        assert_eq!(company.logged("1"), ("登録", "成功"));
        let user = company.user_after_night("1");
        assert_eq!(user.status, Status::Active);
        assert_eq!(user.login_method, LoginMethod::Sso);
        assert_eq!(user.invitation, None, "an open link is dead");
        assert_eq!(user.credential, Credential::None);
    }
}

#[test]
fn somebody_without_an_address_is_registered_with_an_initial_password_for_14_days() {
    let company = Company::new([code_only("1")], []);
    assert_eq!(company.logged("1"), ("登録", "成功"));
    let user = company.user_after_night("1");
    assert_eq!((user.role, user.status), (Role::Member, Status::Active));
    assert_eq!(user.invitation, None);
    let expires_at = NOW + (14 * 24).hours();
    assert_eq!(user.credential, Credential::Initial { expires_at });
}

#[test]
fn somebody_without_an_address_fails_with_sso_whatever_they_are_in_kitera() {
    let without_address = |user| User {
        email: None,
        ..user
    };
    let registered = without_address(registered("1"));
    let invited = without_address(invited("1"));
    for users in [vec![], vec![registered], vec![invited]] {
        let company = Company::new([code_only("1")], users).signing_in_by(LoginMethodSetting::Sso);
        assert_eq!(
            company.cause("1"),
            "認証方法がSSOですが、メールアドレスが登録されていません"
        );
        assert_eq!(company.after_night().users, company.users);
    }
}

#[test]
fn smarthr_wins_over_the_data_of_a_registered_user_and_the_role_stays() {
    for today in changed_data() {
        let user = User {
            role: Role::Staff,
            ..registered("1")
        };
        let company = Company::new([today.clone()], [user.clone()]);
        assert_eq!(company.logged("1"), ("更新", "成功"), "{today:?}");
        let expected = User {
            name: today.name.unwrap(),
            email: email(&today.email.unwrap()),
            code: code(&today.code.unwrap()),
            version: 8,
            ..user
        };
        assert_eq!(company.user_after_night("1"), expected);
    }
}

#[test]
fn a_registered_user_gets_the_default_group_every_night_and_keeps_the_others() {
    let user = User {
        groups: Arc::new([readers()].into()),
        ..registered("1")
    };
    let company = Company::new([employee("1")], [user]);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    assert_eq!(company.user_after_night("1").groups.len(), 2);
}

#[test]
fn nothing_is_written_for_a_registered_user_who_is_as_smarthr_says() {
    let company = Company::new([employee("1")], [registered("1")]);
    assert_eq!(company.logged("1"), ("変更なし", "成功"));
    assert!(company.plan().is_empty());
}

#[test]
fn a_retired_person_is_deleted_registered_or_invited() {
    for user in [registered("1"), invited("1")] {
        let company = Company::new(
            [retired("1"), employee("2"), employee("3")],
            [user, registered("2"), registered("3")],
        );
        assert_eq!(company.logged("1"), ("削除", "成功"));
        assert_eq!(company.after_night().users, company.users[1..]);
    }
}

#[test]
fn nothing_happens_to_a_retired_person_without_a_user_or_with_one_added_by_hand() {
    for users in [vec![], vec![by_hand(registered("1"))]] {
        let company = Company::new([retired("1")], users);
        assert_eq!(company.log(), []);
        assert_eq!(company.after_night().users, company.users);
    }
}

#[test]
fn somebody_who_is_no_longer_in_smarthr_or_in_scope_is_kept_and_reported() {
    let out_of_scope = Employee {
        sync_choice: Some(false),
        ..renamed("1")
    };
    for employees in [vec![], vec![out_of_scope]] {
        let company = Company::new(employees, [registered("1")]).syncing(SyncTarget::Chosen);
        assert_eq!(company.logged("1"), ("対象外", "成功"));
        let users = company.after_night().users;
        assert_eq!(users, company.users, "no longer updated");
    }
}

#[test]
fn a_registered_user_moves_between_password_and_sso() {
    let company = Company::new([employee("1")], [registered("1")]);
    let to_sso = company.signing_in_by(LoginMethodSetting::Sso);
    assert_eq!(to_sso.logged("1"), ("更新", "成功"));
    assert_eq!(to_sso.user_after_night("1").login_method, LoginMethod::Sso);

    let back = to_sso.after_night();
    let back = back.signing_in_by(LoginMethodSetting::Password);
    assert_eq!(back.logged("1"), ("更新", "成功"));
    let user = back.user_after_night("1");
    assert_eq!(user.login_method, LoginMethod::Password);
    assert_eq!(
        user.credential,
        Credential::None,
        "the old password is void"
    );
    assert!(user.invitation.is_some(), "a link to set another one");
}

#[test]
fn a_registered_user_who_moves_to_password_without_having_one_is_mailed_how_to_set_one() {
    let company = Company::new([employee("1")], [registered_by_sso("1")]);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    let user = company.user_after_night("1");
    assert_eq!(user.status, Status::Active);
    assert!(user.invitation.is_some());
}
