//! Columns of the sync log other than action, outcome and cause.

use domain::report::{FieldChange, Outcome};
use domain::{Employee, LoginMethodSetting, SyncTarget};

use crate::company::Company;
use crate::people::{email, employee, invited, readers, registered, retired};

fn old_to_new(company: &Company, crew: &str) -> Vec<[String; 3]> {
    let row = company.row(crew);
    row.changes
        .into_iter()
        .map(|FieldChange { field, old, new }| [field, old, new])
        .collect()
}

#[test]
fn changed_people_show_old_and_new() {
    let today = Employee {
        name: Some("田中 花子".into()),
        email: Some("hanako@example.jp".into()),
        code: None,
        ..employee("1")
    };
    let mut company = Company::new([today], [registered(&employee("1"))]);
    company.settings.login_method = LoginMethodSetting::Sso;
    company.settings.default_group = readers();
    assert_eq!(
        old_to_new(&company, "1"),
        [
            ["氏名", "社員1", "田中 花子"],
            ["メールアドレス", "1@example.jp", "hanako@example.jp"],
            ["従業員コード", "1", ""],
            ["認証方法", "パスワード", "SSO"],
            ["デフォルトグループ", "編集権限グループ", "閲覧権限グループ"],
        ]
    );
}

#[test]
fn an_invited_person_shows_old_and_new_too() {
    let today = Employee {
        name: Some("田中 花子".into()),
        ..employee("1")
    };
    let company = Company::new([today], [invited(&employee("1"))]);
    assert_eq!(old_to_new(&company, "1"), [["氏名", "社員1", "田中 花子"]]);
}

#[test]
fn new_unchanged_and_deleted_people_show_no_changes() {
    let company = Company::new(
        [employee("1"), employee("2"), retired("3")],
        [registered(&employee("2")), registered(&employee("3"))],
    );
    for crew in ["1", "2", "3"] {
        assert_eq!(company.row(crew).changes, []);
    }
}

#[test]
fn a_row_shows_code_name_and_address_as_smarthr_has_them() {
    let company = Company::new([employee("1")], []);
    let row = company.row("1");
    assert_eq!(
        [row.code, row.name, row.email],
        ["1", "社員1", "1@example.jp"]
    );
}

#[test]
fn somebody_no_longer_in_smarthr_is_shown_as_kitera_has_them() {
    let company = Company::new([], [registered(&employee("1"))]);
    let row = company.row("1");
    assert_eq!(
        [row.code, row.name, row.email],
        ["1", "社員1", "1@example.jp"]
    );
    assert_eq!(row.cause, "同期対象ではないか、SmartHRに存在しません");
}

#[test]
fn a_deleted_person_who_can_still_enter_through_the_parent_company_gets_a_warning() {
    let mut company = Company::new([retired("1")], [registered(&employee("1"))]);
    company.workspace.related_company_users = email("1@Example.JP").into_iter().collect();
    let row = company.row("1");
    assert_eq!(row.action.label(), "削除");
    assert_eq!(row.outcome, Outcome::Warning);
    assert!(
        row.cause
            .contains("関連企業ワークスペースにアクセス可能なユーザー")
    );
    assert!(row.cause.contains("親会社経由でアクセスできます"));
    assert!(row.remedy.contains("「ユーザーを削除」"));
}

#[test]
fn a_deleted_person_who_is_not_on_the_parent_companys_list_gets_none() {
    let mut company = Company::new([retired("1")], [registered(&employee("1"))]);
    company.workspace.related_company_users = email("2@example.jp").into_iter().collect();
    assert_eq!(company.logged("1"), ("削除", "成功"));
}

#[test]
fn a_failure_says_what_would_have_been_done() {
    let nameless = |id: &str| Employee {
        name: None,
        ..employee(id)
    };
    let by_code = Employee {
        email: None,
        ..nameless("2")
    };
    let company = Company::new(
        [nameless("1"), by_code, nameless("3")],
        [registered(&employee("3"))],
    );
    assert_eq!(company.logged("1"), ("招待", "失敗"));
    assert_eq!(company.logged("2"), ("登録", "失敗"));
    assert_eq!(company.logged("3"), ("更新", "失敗"));

    let mut company = Company::new([nameless("1")], []);
    company.workspace.sso_configured = true;
    company.settings.login_method = LoginMethodSetting::Sso;
    assert_eq!(company.logged("1"), ("登録", "失敗"));
}

#[test]
fn people_outside_the_sync_are_not_in_the_log() {
    let stranger = Employee {
        sync_choice: Some(false),
        ..employee("1")
    };
    let mut company = Company::new([stranger], []);
    company.settings.target = SyncTarget::Chosen;
    assert_eq!(company.log(), []);
}
