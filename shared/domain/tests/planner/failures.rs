//! Failures of one person: the sync log has cause and remedy, and the changes of others go ahead.

use domain::{Employee, LoginMethodSetting};

use crate::company::Company;
use crate::people::{
    code_only, employee, invited, nameless, registered, renamed, with_code, with_email,
};

/// Asserts that person 1 fails for this cause, and that the person other is invited regardless.
#[track_caller]
fn assert_fails(company: &Company, cause: &str) {
    assert_eq!(company.cause("1"), cause);
    assert_eq!(company.order(), ["other"], "{cause}");
}

/// Returns a company of new people and the person other.
fn newcomers<const N: usize>(people: [Employee; N]) -> Company {
    Company::new(people.into_iter().chain([employee("other")]), [])
}

#[test]
fn a_person_whose_data_are_unusable_fails_with_the_cause_and_others_are_invited() {
    let malformed_address = |address: &str| {
        let cause = format!("従業員メールアドレスの形式が不正です({address})");
        (with_email("1", address), cause)
    };
    let malformed_code = |code: &str| {
        let why = "半角英数字・ハイフン以外の文字が含まれている";
        let cause = format!("従業員コードの形式が不正です({why}: {code})");
        (with_code("1", code), cause)
    };
    let neither_address_nor_code = Employee {
        code: None,
        ..code_only("1")
    };
    for (person, cause) in [
        malformed_address("hanako@"),
        malformed_address("hanako@example.jp, taro@example.jp"),
        malformed_address("なし"),
        malformed_code("１２３"),
        malformed_code("営業-1"),
        malformed_code("A_1"),
        malformed_code("A 1"),
        (
            with_code("1", &"1".repeat(65)),
            "従業員コードが長すぎます(上限64文字)".into(),
        ),
        (nameless("1"), "氏名が登録されていません".into()),
        (
            neither_address_nor_code,
            "メールアドレスも従業員コードも登録されていません".into(),
        ),
    ] {
        assert_fails(&newcomers([person]), &cause);
    }
}

#[test]
fn a_domain_that_is_not_allowed_fails_the_person() {
    assert_fails(
        &newcomers([with_email("1", "hanako@Gmail.com")]).allowing_only("example.jp"),
        "従業員メールアドレスのドメインがKiteRaの設定で許可されていません(gmail.com)",
    );
}

#[test]
fn a_registered_user_keeps_an_unchanged_address_whose_domain_is_no_longer_allowed() {
    let company = Company::new([renamed("1")], [registered("1")]);
    let mut company = company.allowing_only("new.example.jp");
    assert_eq!(company.logged("1"), ("更新", "成功"));

    company.employees = vec![with_email("1", "hanako@example.jp")];
    assert!(company.cause("1").contains("許可されていません"));
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn an_invited_person_is_not_invited_again_to_a_domain_that_is_not_allowed() {
    let company = Company::new([employee("1")], [invited("1")]).hours_later(72);
    let company = company.allowing_only("new.example.jp");
    assert!(company.cause("1").contains("許可されていません"));
}

#[test]
fn sso_that_is_no_longer_configured_locks_nobody_out() {
    let company = Company::new([employee("1")], [registered("1")]);
    let mut company = company.signing_in_by(LoginMethodSetting::Sso);
    company.workspace.single_sign_on = None;
    assert_eq!(
        company.cause("1"),
        "認証方法がSSOですが、ワークスペースのSSOが設定されていません"
    );
    assert_eq!(company.after_night().users, company.users);
}

#[test]
fn the_same_address_twice_whatever_its_case_names_both() {
    let company = newcomers([employee("1"), with_email("2", "1@EXAMPLE.jp")]);
    let duplicate = |other| format!("メールアドレスが重複しています(1@example.jp: {other})");
    assert_fails(&company, &duplicate("社員2 2"));
    assert_eq!(company.cause("2"), duplicate("社員1 1"));
}

#[test]
fn the_same_code_twice_names_both() {
    let company = newcomers([employee("1"), with_code("2", "1")]);
    let duplicate = |other| format!("従業員コードが重複しています(1: {other})");
    assert_fails(&company, &duplicate("社員2 1"));
    assert_eq!(company.cause("2"), duplicate("社員1 1"));
}

#[test]
fn a_code_that_hundreds_of_people_share_names_a_few_of_them() {
    let people = (0..300).map(|number| with_code(&format!("{number:03}"), "0000"));
    let company = Company::new(people, []);
    assert_eq!(
        company.cause("299"),
        "従業員コードが重複しています(0000: 社員000 0000、社員001 0000、社員002 0000、社員003 0000、社員004 0000、他294名)"
    );
    assert_eq!(
        company.cause("000"),
        "従業員コードが重複しています(0000: 社員001 0000、社員002 0000、社員003 0000、社員004 0000、社員005 0000、他294名)"
    );
}

#[test]
fn a_user_whose_person_fails_stays_as_it_is() {
    let broken = Employee {
        email: Some("hanako@".into()),
        ..renamed("1")
    };
    let company = Company::new([broken], [registered("1")]);
    assert_eq!(company.logged("1"), ("更新", "失敗"));
    assert_eq!(company.after_night().users, company.users);
}
