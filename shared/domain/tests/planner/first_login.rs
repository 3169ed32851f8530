//! The first login of registered people who have no valid password.

use domain::{Credential, LoginMethodSetting, Status};

use crate::company::{Company, NOW};
use crate::people::{code_only, email, employee, invited, registered, registered_by_sso};

#[test]
fn a_mail_to_set_a_password_is_sent_once_and_again_only_when_its_link_died() {
    let sent = Company::new([employee("1")], [registered_by_sso("1")]).after_night();
    let next_day = sent.clone().hours_later(24);
    assert_eq!(next_day.logged("1"), ("変更なし", "成功"));
    assert_eq!(sent.hours_later(72).logged("1"), ("再招待", "成功"));
}

#[test]
fn an_open_link_to_set_a_password_dies_with_a_move_to_sso() {
    let company = Company::new([employee("1")], [registered_by_sso("1")]).after_night();
    assert!(company.user("1").unwrap().invitation.is_some());
    let company = company.signing_in_by(LoginMethodSetting::Sso);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    assert_eq!(company.user_after_night("1").invitation, None);
}

#[test]
fn an_invited_person_who_loses_the_address_gets_an_initial_password() {
    let company = Company::new([code_only("1")], [invited("1")]);
    assert_eq!(company.logged("1"), ("登録", "成功"));
    let user = company.user_after_night("1");
    assert_eq!((user.status, user.email), (Status::Active, None));
    assert_eq!(user.invitation, None, "the link in the old mail is dead");
    assert!(matches!(user.credential, Credential::Initial { .. }));
}

#[test]
fn a_registered_user_who_loses_the_address_keeps_the_password() {
    let company = Company::new([code_only("1")], [registered("1")]);
    assert_eq!(company.logged("1"), ("更新", "成功"));
    let user = company.user_after_night("1");
    assert_eq!(user.email, None);
    assert_eq!(user.credential, Credential::Password);
}

#[test]
fn an_initial_password_that_expired_is_not_replaced_every_night() {
    let company = Company::new([code_only("1")], []).after_night();
    for days in [1, 29, 30, 31, 365] {
        let later = company.clone().hours_later(24 * days);
        assert_eq!(later.logged("1"), ("変更なし", "成功"), "after {days} days");
    }
}

#[test]
fn somebody_by_code_who_gets_an_address_keeps_a_live_initial_password() {
    let mut company = Company::new([code_only("1")], []).after_night();
    company.employees = vec![employee("1")];
    assert_eq!(company.logged("1"), ("更新", "成功"));
    let user = company.user_after_night("1");
    assert_eq!(user.email, email("1@example.jp"));
    assert_eq!(user.invitation, None);
    assert!(user.has_password_at(NOW));
}

#[test]
fn somebody_by_code_who_gets_an_address_after_the_initial_password_expired_sets_a_password() {
    let mut company = Company::new([code_only("1")], []).after_night();
    company.employees = vec![employee("1")];
    let user = company.hours_later(14 * 24).user_after_night("1");
    assert!(user.invitation.is_some());
}
