//! Failures of one person: the sync log has cause and remedy, and the changes of others go ahead.

use domain::{Employee, LoginMethodSetting};

use crate::company::Company;
use crate::people::{code_only, employee, invited, registered};

/// Returns a company of the person and a second person, who has to be invited regardless.
fn beside_somebody_else(person: Employee) -> Company {
    Company::new([person, employee("other")], [])
}

#[track_caller]
fn assert_only_the_other_is_invited(company: &Company) {
    assert_eq!(company.order(), ["other"]);
}

#[test]
fn a_malformed_address() {
    for address in ["hanako@", "hanako@example.jp, taro@example.jp", "なし"] {
        let company = beside_somebody_else(Employee {
            email: Some(address.into()),
            ..employee("1")
        });
        assert_eq!(
            company.cause("1"),
            format!("従業員メールアドレスの形式が不正です({address})")
        );
        assert_only_the_other_is_invited(&company);
    }
}

#[test]
fn a_domain_that_is_not_allowed() {
    let mut company = beside_somebody_else(Employee {
        email: Some("hanako@Gmail.com".into()),
        ..employee("1")
    });
    company.workspace.allowed_domains = vec!["example.jp".into()];
    assert_eq!(
        company.cause("1"),
        "従業員メールアドレスのドメインがKiteRaの設定で許可されていません(gmail.com)"
    );
    assert_only_the_other_is_invited(&company);
}

#[test]
fn a_registered_user_keeps_an_unchanged_address_whose_domain_is_no_longer_allowed() {
    let renamed = Employee {
        name: Some("田中 花子".into()),
        ..employee("1")
    };
    let mut company = Company::new([renamed], [registered(&employee("1"))]);
    company.workspace.allowed_domains = vec!["new.example.jp".into()];
    assert_eq!(company.logged("1"), ("更新", "成功"));

    company.employees[0].email = Some("hanako@example.jp".into());
    assert!(company.cause("1").contains("許可されていません"));
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn an_invited_person_is_not_invited_anew_to_a_domain_that_is_not_allowed() {
    let mut company = Company::new([employee("1")], [invited(&employee("1"))]).hours_later(72);
    company.workspace.allowed_domains = vec!["new.example.jp".into()];
    assert!(company.cause("1").contains("許可されていません"));
}

#[test]
fn a_malformed_code() {
    for code in ["１２３", "営業-1", "A_1", "A 1"] {
        let company = beside_somebody_else(Employee {
            code: Some(code.into()),
            ..employee("1")
        });
        assert_eq!(
            company.cause("1"),
            format!(
                "従業員コードの形式が不正です(半角英数字・ハイフン以外の文字が含まれている: {code})"
            )
        );
        assert_only_the_other_is_invited(&company);
    }
}

#[test]
fn no_name() {
    let company = beside_somebody_else(Employee {
        name: None,
        ..employee("1")
    });
    assert_eq!(company.cause("1"), "氏名が登録されていません");
    assert_only_the_other_is_invited(&company);
}

#[test]
fn a_code_that_is_too_long_is_not_told_to_have_wrong_letters() {
    let company = beside_somebody_else(Employee {
        code: Some("1".repeat(65)),
        ..employee("1")
    });
    assert_eq!(company.cause("1"), "従業員コードが長すぎます(上限64文字)");
    assert_only_the_other_is_invited(&company);
}

#[test]
fn neither_an_address_nor_a_code() {
    let company = beside_somebody_else(Employee {
        code: None,
        ..code_only("1")
    });
    assert_eq!(
        company.cause("1"),
        "メールアドレスも従業員コードも登録されていません"
    );
    assert_only_the_other_is_invited(&company);
}

#[test]
fn sso_without_an_address() {
    let mut company = beside_somebody_else(code_only("1"));
    company.settings.login_method = LoginMethodSetting::Sso;
    assert_eq!(
        company.cause("1"),
        "認証方法がSSOですが、メールアドレスが登録されていません"
    );
    assert_only_the_other_is_invited(&company);
}

#[test]
fn sso_that_is_no_longer_configured_locks_nobody_out() {
    let mut company = Company::new([employee("1")], [registered(&employee("1"))]);
    company.settings.login_method = LoginMethodSetting::Sso;
    company.workspace.sso_configured = false;
    assert_eq!(
        company.cause("1"),
        "認証方法がSSOですが、ワークスペースのSSOが設定されていません"
    );
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn the_same_address_twice_whatever_its_case_names_both() {
    let company = Company::new(
        [
            employee("1"),
            Employee {
                email: Some("1@EXAMPLE.jp".into()),
                ..employee("2")
            },
            employee("other"),
        ],
        [],
    );
    assert_eq!(
        company.cause("1"),
        "メールアドレスが重複しています(1@example.jp: 社員2 2)"
    );
    assert_eq!(
        company.cause("2"),
        "メールアドレスが重複しています(1@example.jp: 社員1 1)"
    );
    assert_only_the_other_is_invited(&company);
}

#[test]
fn the_same_code_twice_names_both() {
    let company = Company::new(
        [
            employee("1"),
            Employee {
                code: Some("1".into()),
                ..employee("2")
            },
            employee("other"),
        ],
        [],
    );
    assert_eq!(
        company.cause("1"),
        "従業員コードが重複しています(1: 社員2 1)"
    );
    assert_eq!(
        company.cause("2"),
        "従業員コードが重複しています(1: 社員1 1)"
    );
    assert_only_the_other_is_invited(&company);
}

#[test]
fn a_code_that_hundreds_of_people_share_names_a_few_of_them() {
    let company = Company::new(
        (0..300).map(|number| Employee {
            code: Some("0000".into()),
            ..employee(&format!("{number:03}"))
        }),
        [],
    );
    assert_eq!(
        company.cause("299"),
        "従業員コードが重複しています(0000: 社員000 0000、社員001 0000、社員002 0000、社員003 0000、社員004 0000、他294人)"
    );
    assert_eq!(
        company.cause("000"),
        "従業員コードが重複しています(0000: 社員001 0000、社員002 0000、社員003 0000、社員004 0000、社員005 0000、他294人)"
    );
}

#[test]
fn a_user_whose_person_fails_stays_as_it_is() {
    let broken = Employee {
        name: Some("田中 花子".into()),
        email: Some("hanako@".into()),
        ..employee("1")
    };
    let company = Company::new([broken], [registered(&employee("1"))]);
    assert_eq!(company.logged("1"), ("更新", "失敗"));
    assert_eq!(company.after_night().users, company.users);
}
