//! The settings 同期対象 (who is synced) and 認証方法 (how each user signs in).

use domain::{Employee, LoginMethod, LoginMethodSetting, SyncTarget};

use crate::company::Company;
use crate::people::{code_only, employee, registered, renamed};

fn chosen(sync_choice: Option<bool>, employee: Employee) -> Employee {
    Employee {
        sync_choice,
        ..employee
    }
}

#[test]
fn the_target_decides_who_is_synced_and_nobody_else_is_in_the_log() {
    let company = Company::new(
        [
            chosen(Some(true), employee("1")),
            chosen(Some(false), employee("2")),
            chosen(None, employee("3")),
            chosen(Some(true), code_only("4")),
            chosen(None, code_only("5")),
        ],
        [],
    );
    for (target, synced) in [
        (SyncTarget::Everyone, vec!["1", "2", "3"]),
        (
            SyncTarget::EveryoneAndCodeOnly,
            vec!["1", "2", "3", "4", "5"],
        ),
        (SyncTarget::Chosen, vec!["1", "4"]),
    ] {
        let company = company.clone().syncing(target);
        assert_eq!(company.order(), synced, "{target:?}");
        assert_eq!(company.log().len(), synced.len(), "{target:?}");
    }
}

#[test]
fn somebody_chosen_again_is_updated_again() {
    let person = chosen(Some(true), renamed("1"));
    let company = Company::new([person], [registered("1")]).syncing(SyncTarget::Chosen);
    assert_eq!(company.logged("1"), ("更新", "成功"));
}

#[test]
fn the_item_decides_the_login_method_only_if_the_setting_is_individual() {
    use LoginMethodSetting::{Individual, Password};

    for (setting, choice, action) in [
        (Individual, Some(LoginMethod::Sso), "登録"),
        (Individual, Some(LoginMethod::Password), "招待"),
        (Individual, None, "招待"),
        (Password, Some(LoginMethod::Sso), "招待"),
    ] {
        let person = Employee {
            login_choice: choice,
            ..employee("1")
        };
        let company = Company::new([person], []).signing_in_by(setting);
        assert_eq!(
            company.logged("1"),
            (action, "成功"),
            "{setting:?} {choice:?}"
        );
    }
}
