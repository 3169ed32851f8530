//! Columns of the sync log other than action, outcome and cause.

use domain::report::{FieldChange, Outcome};
use domain::{Employee, LoginMethodSetting, RelatedCompanyUser, SyncTarget};

use crate::company::Company;
use crate::people::{
    code_only, email, employee, invited, nameless, readers, registered, renamed, retired,
};

fn old_to_new(company: &Company, crew: &str) -> Vec<[String; 3]> {
    let changes = company.row(crew).changes.into_iter();
    let old_to_new = |FieldChange { field, old, new }| [field, old, new];
    changes.map(old_to_new).collect()
}

#[test]
fn changed_people_show_old_and_new() {
    let today = Employee {
        email: Some("hanako@example.jp".into()),
        code: None,
        ..renamed("1")
    };
    let mut company =
        Company::new([today], [registered("1")]).signing_in_by(LoginMethodSetting::Sso);
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
    let company = Company::new([renamed("1")], [invited("1")]);
    assert_eq!(old_to_new(&company, "1"), [["氏名", "社員1", "田中 花子"]]);
}

#[test]
fn new_unchanged_and_deleted_people_show_no_changes() {
    let company = Company::new(
        [employee("1"), employee("2"), retired("3")],
        [registered("2"), registered("3")],
    );
    for crew in ["1", "2", "3"] {
        assert_eq!(company.row(crew).changes, []);
    }
}

#[test]
fn a_row_shows_people_as_smarthr_has_them_or_as_kitera_has_those_no_longer_in_smarthr() {
    let new = Company::new([employee("1")], []).row("1");
    let missing = Company::new([], [registered("1")]).row("1");
    assert_eq!(missing.cause, "SmartHRから削除されています");
    for row in [new, missing] {
        let shown = [row.code, row.name, row.email];
        assert_eq!(shown, ["1", "社員1", "1@example.jp"]);
    }
}

#[test]
fn who_is_out_of_scope_reads_by_which_setting() {
    let mut company =
        Company::new([code_only("1")], [registered("1")]).syncing(SyncTarget::Everyone);
    let by = "同期対象ではありません(メールアドレスが登録されていません)";
    assert_eq!(company.row("1").cause, by);
    company = Company::new([employee("1")], [registered("1")]).syncing(SyncTarget::Chosen);
    let by = "同期対象ではありません(SmartHRの項目「連携対象」が「連携する」ではありません)";
    assert_eq!(company.row("1").cause, by);
}

#[test]
fn only_a_deleted_person_who_can_still_enter_through_the_parent_company_gets_a_warning() {
    let enters = |address| {
        let address = email(address).unwrap();
        vec![RelatedCompanyUser::member(address)]
    };
    let mut company = Company::new([retired("1")], [registered("1")]);
    company.workspace.related_company_users = enters("2@example.jp");
    assert_eq!(company.logged("1"), ("削除", "成功"));

    company.workspace.related_company_users = enters("1@Example.JP");
    let row = company.row("1");
    assert_eq!(row.action.label(), "削除");
    assert_eq!(row.outcome, Outcome::Warning);
    assert_eq!(
        row.cause,
        "「関連企業ワークスペースにアクセス可能なユーザー」に設定されているため、親会社経由でアクセスできます"
    );
    assert!(row.remedy.contains("「ユーザーを削除」"));
}

#[test]
fn a_failure_says_what_would_have_been_done() {
    let by_code = Employee {
        email: None,
        ..nameless("2")
    };
    let people = [nameless("1"), by_code, nameless("3")];
    let company = Company::new(people, [registered("3")]);
    assert_eq!(company.logged("1"), ("招待", "失敗"));
    assert_eq!(company.logged("2"), ("登録", "失敗"));
    assert_eq!(company.logged("3"), ("更新", "失敗"));

    let by_sso = company.signing_in_by(LoginMethodSetting::Sso);
    assert_eq!(by_sso.logged("1"), ("登録", "失敗"));
}
