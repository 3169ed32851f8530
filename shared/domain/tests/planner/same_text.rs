//! The same data in other characters: SmartHR, its imports and our forms write one text in several ways.

use domain::{CrewId, Employee, FirstLogin};
use proptest::prelude::*;

use crate::company::Company;
use crate::generated;
use crate::people::{employee, invited, registered};
use crate::properties::config;

fn named(name: &str) -> Employee {
    Employee {
        name: Some(name.into()),
        ..employee("1")
    }
}

#[test]
fn another_case_of_an_address_is_no_change_and_no_mail() {
    let person = Employee {
        email: Some("1@EXAMPLE.jp".into()),
        ..employee("1")
    };
    for user in [invited("1"), registered("1")] {
        let company = Company::new([person.clone()], [user]);
        assert_eq!(company.logged("1"), ("変更なし", "成功"));
    }
}

#[test]
fn a_name_of_other_blanks_or_decomposed_letters_is_no_change_and_no_mail() {
    let before = Company::new([named("カ\u{3099}ルシア 花子")], []).after_night();
    for name in [
        "ガルシア 花子",
        "ガルシア\u{3000}花子",
        "カ\u{3099}ルシア\u{200B} 花子\u{A0}",
    ] {
        let mut company = before.clone();
        company.employees = vec![named(name)];
        assert_eq!(company.logged("1"), ("変更なし", "成功"), "{name}");
    }
}

#[test]
fn another_way_to_write_a_name_is_taken_over_and_ends_nobodys_link() {
    let before = Company::new([named("ﾀﾅｶ 花子")], []).after_night();
    for name in ["タナカ 花子", "ﾀﾅｶ花子"] {
        let mut company = before.clone();
        company.employees = vec![named(name)];
        assert_eq!(company.logged("1"), ("更新", "成功"), "{name}");
        let user = company.user_after_night("1");
        assert_eq!((&*user.name, user.serial), (name, 1));
        assert_eq!(company.after_night().logged("1"), ("変更なし", "成功"));
    }
}

/// Returns who is changed, and who of them gets a mail or password; then whose account is asked about.
fn effects(company: &Company) -> (Vec<(CrewId, Option<FirstLogin>)>, Vec<CrewId>) {
    let plan = company.plan();
    let changes = plan.changes.iter();
    let asked = plan
        .account_changes()
        .map(|held| held.change.crew_id.clone());
    (
        changes
            .map(|it| (it.employee().crew_id.clone(), it.first_login()))
            .collect(),
        asked.collect(),
    )
}

fn respelled(company: &Company, name: impl Fn(&str) -> String) -> Company {
    let mut company = company.clone();
    for person in &mut company.employees {
        person.name = person.name.as_deref().map(&name);
        person.email = person.email.as_deref().map(str::to_uppercase);
    }
    company
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_looks_the_same_changes_and_asks_nothing_and_what_is_looked_up_the_same_mails_nothing(
        company in generated::company(),
    ) {
        let company = company.after_night();
        let expected = effects(&company);
        let spaced = respelled(&company, |name| name.replace(' ', "\u{200B}\u{3000}") + "\u{A0}");
        prop_assert_eq!(effects(&spaced), expected.clone());
        let (changes, asked) = effects(&respelled(&company, |name| name.replace(' ', "")));
        let mailed = |changes: Vec<(CrewId, Option<FirstLogin>)>| -> Vec<_> {
            changes.into_iter().filter(|(_, first_login)| first_login.is_some()).collect()
        };
        prop_assert_eq!(mailed(changes), mailed(expected.0));
        prop_assert_eq!(asked, expected.1);
    }
}
