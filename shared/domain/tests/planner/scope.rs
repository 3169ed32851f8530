//! The settings 同期対象 (who is synced) and 認証方法 (how each user signs in).

use domain::{Employee, LoginMethod, LoginMethodSetting, SyncTarget};

use crate::company::Company;
use crate::people::{code_only, employee, registered};

fn chosen(choice: Option<bool>, employee: Employee) -> Employee {
    Employee {
        sync_choice: choice,
        ..employee
    }
}

fn signing_in_by(choice: Option<LoginMethod>, employee: Employee) -> Employee {
    Employee {
        login_choice: choice,
        ..employee
    }
}

#[test]
fn everyone_means_everyone_with_an_address() {
    let mut company = Company::new([employee("1"), code_only("2")], []);
    company.settings.target = SyncTarget::Everyone;
    assert_eq!(company.order(), ["1"]);
    assert_eq!(company.log().len(), 1, "nobody else is mentioned");
}

#[test]
fn people_with_a_code_only_are_synced_on_request() {
    let mut company = Company::new([employee("1"), code_only("2")], []);
    company.settings.target = SyncTarget::EveryoneAndCodeOnly;
    assert_eq!(company.order(), ["1", "2"]);
}

#[test]
fn certain_users_are_those_whose_item_says_so_with_or_without_an_address() {
    let mut company = Company::new(
        [
            chosen(Some(true), employee("1")),
            chosen(Some(false), employee("2")),
            chosen(None, employee("3")),
            chosen(Some(true), code_only("4")),
        ],
        [],
    );
    company.settings.target = SyncTarget::Chosen;
    assert_eq!(company.order(), ["1", "4"]);
}

#[test]
fn somebody_chosen_again_is_updated_again() {
    let renamed = Employee {
        name: Some("田中 花子".into()),
        ..chosen(Some(true), employee("1"))
    };
    let mut company = Company::new([renamed], [registered(&employee("1"))]);
    company.settings.target = SyncTarget::Chosen;
    assert_eq!(company.logged("1"), ("更新", "成功"));
}

#[test]
fn the_individual_login_method_is_that_of_the_item_and_password_when_unset() {
    let mut company = Company::new(
        [
            signing_in_by(Some(LoginMethod::Sso), employee("1")),
            signing_in_by(Some(LoginMethod::Password), employee("2")),
            signing_in_by(None, employee("3")),
        ],
        [],
    );
    company.settings.login_method = LoginMethodSetting::Individual;
    assert_eq!(company.logged("1"), ("登録", "成功"));
    assert_eq!(company.logged("2"), ("招待", "成功"));
    assert_eq!(company.logged("3"), ("招待", "成功"));
}

#[test]
fn the_item_does_not_count_unless_the_setting_is_individual() {
    let person = signing_in_by(Some(LoginMethod::Sso), employee("1"));
    let company = Company::new([person], []);
    assert_eq!(company.logged("1"), ("招待", "成功"));
}
