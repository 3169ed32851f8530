//! 即時反映: what a plan of only those people does whom SmartHR reported as changed, and what it leaves to the night.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::{
    Change, EmailAddress, Employee, EmploymentStatus, Role, User, UserId, identifiers_of,
};
use jiff::ToSpan;
use proptest::prelude::*;

use crate::company::{Company, NOW, Scope};
use crate::generated;
use crate::people::{
    by_hand, code_only, email, employee, invited, registered, renamed, retired,
    system_administrator, with_code, with_email,
};
use crate::properties::config;

/// Returns a company of these crews, all of whom are registered, with the people in SmartHR as given.
fn company(people: impl IntoIterator<Item = Employee>, crews: &[&str]) -> Company {
    Company::new(people, crews.iter().map(|crew| registered(crew)))
}

/// Returns who waits in an immediate run after this report, and why.
fn cause_of_waiting(company: &Company, crew: &str) -> String {
    let reported = company.reported(&[crew]);
    assert!(reported.plan().is_empty(), "{crew} does not wait");
    let row = reported.row(crew);
    assert_eq!(row.outcome.label(), "反映待ち", "{row:?}");
    row.cause
}

#[test]
fn a_dismissed_person_is_deleted_and_everybody_else_stays_as_they_are() {
    let people = [retired("1"), renamed("2")];
    let company = company(people, &["1", "2", "3"]);
    assert_eq!(company.reported(&["1"]).order(), ["1"]);
    let after = company.after_report(&["1"]);
    let mut others = company.users.clone();
    others.retain(|user| user.user_id != registered("1").user_id);
    assert_eq!(after.users, others);
}

#[test]
fn nobody_who_was_not_reported_is_in_the_log() {
    let company = company([employee("1"), employee("2")], &["1", "2", "gone"]);
    let crews = company.reported(&["1"]).log();
    let crews: Vec<_> = crews
        .iter()
        .filter_map(|row| row.crew_id.as_ref())
        .collect();
    assert_eq!(crews, [&employee("1").crew_id]);
}

#[test]
fn a_mended_address_is_invited_again_at_once() {
    let company = Company::new([with_email("1", "right@example.jp")], [invited("1")]);
    assert_eq!(company.reported(&["1"]).logged("1"), ("再招待", "成功"));
    let after = company.after_report(&["1"]);
    assert_eq!(after.user("1").unwrap().email, email("right@example.jp"));
}

#[test]
fn a_second_invitation_within_an_hour_waits_for_its_end() {
    let mut company = Company::new([with_email("1", "one@example.jp")], [invited("1")]);
    company = company.after_report(&["1"]);
    company.now += 10.minutes();
    company.employees = vec![with_email("1", "two@example.jp")];
    let cause = cause_of_waiting(&company, "1");
    assert_eq!(
        cause,
        "1時間以内に招待メールを送信したため、3時0分以降に招待し直します"
    );
    let until = company.reported(&["1"]).plan().waiting[0]
        .wait_reason
        .until();
    assert_eq!(until, Some(NOW + 1.hour()));
    company.now = NOW + 1.hour();
    assert_eq!(company.reported(&["1"]).logged("1"), ("再招待", "成功"));
}

#[test]
fn a_night_invites_again_however_short_the_last_invitation_is_ago() {
    let mut company = Company::new([with_email("1", "one@example.jp")], [invited("1")]);
    company = company.after_report(&["1"]);
    company.employees = vec![with_email("1", "two@example.jp")];
    assert_eq!(company.logged("1"), ("再招待", "成功"));
}

#[test]
fn initial_passwords_wait_for_the_night_and_take_no_seat_meanwhile() {
    let people = [code_only("1"), employee("2")];
    let company = Company::new(people, []).with_seats(1);
    let cause = cause_of_waiting(&company, "1");
    assert_eq!(
        cause,
        "初期パスワードは毎日午前2時の同期でまとめて発行します"
    );
    assert_eq!(company.reported(&["1", "2"]).order(), ["2"]);
    let by_day = Company {
        scope: Scope::EverybodyByDay,
        ..company.clone()
    };
    assert_eq!(by_day.order(), ["2"]);
    assert_eq!(company.order(), ["1"], "the night");
}

#[test]
fn an_address_or_code_of_another_user_is_taken_at_night() {
    let swapped = [
        with_email("1", "2@example.jp"),
        with_email("2", "1@example.jp"),
    ];
    let company = company(swapped, &["1", "2"]);
    for crews in [&["1"][..], &["2"], &["1", "2"]] {
        assert!(company.reported(crews).plan().is_empty());
    }
    assert!(cause_of_waiting(&company, "1").contains("他のユーザーが使用している"));
    assert_eq!(company.plan().changes.len(), 2, "the night");
    let code = self::company([with_code("new", "2")], &["2"]);
    assert!(cause_of_waiting(&code, "new").contains("他のユーザーが使用している"));
}

#[test]
fn the_address_of_somebody_who_leaves_with_the_same_report_is_free() {
    let people = [retired("1"), with_email("2", "1@example.jp")];
    let company = company(people, &["1"]);
    assert_eq!(company.reported(&["1", "2"]).order(), ["1", "2"]);
}

#[test]
fn a_user_without_a_link_is_linked_at_night() {
    let company = Company::new([employee("1")], [by_hand(registered("1"))]);
    assert!(cause_of_waiting(&company, "1").contains("紐付け"));
    assert_eq!(company.logged("1"), ("更新", "成功"), "the night");
}

#[test]
fn two_people_with_one_address_take_nobody_s_account_over() {
    let twice = [
        with_email("1", "same@example.jp"),
        with_email("2", "same@example.jp"),
    ];
    let mut user = by_hand(registered("1"));
    user.email = email("same@example.jp");
    user.code = None;
    let company = Company::new(twice, [user.clone()]);
    for crews in [&["1"][..], &["2"], &["1", "2"]] {
        let after = company.after_report(crews);
        assert_eq!(after.users, [user.clone()]);
    }
}

#[test]
fn a_lost_address_or_code_waits_for_the_night() {
    let company = company([code_only("1")], &["1"]);
    assert!(cause_of_waiting(&company, "1").contains("なくなる変更"));
    let everyone = company.syncing(domain::SyncTarget::Everyone);
    assert!(cause_of_waiting(&everyone, "1").contains("なくなる変更"));
}

#[test]
fn a_person_whom_smarthr_does_not_find_waits_for_the_night() {
    let company = company([employee("2")], &["1", "2"]);
    assert!(cause_of_waiting(&company, "1").contains("SmartHRから取得できない"));
    assert_eq!(company.logged("1"), ("対象外", "成功"), "the night");
    let unknown = company.reported(&["unknown"]);
    assert!(unknown.log().is_empty());
}

#[test]
fn what_changes_in_an_admin_s_account_is_held_as_at_night() {
    let people = [with_email("1", "other@example.jp"), employee("2")];
    let users = [system_administrator("1"), system_administrator("2")];
    let company = Company::new(people, users);
    assert_eq!(company.reported(&["1"]).logged("1"), ("更新", "保留"));
    let after = company.after_report(&["1"]);
    assert_eq!(after.asked.len(), 1);
    let later = after.after_report(&["2"]);
    assert_eq!(later.asked, after.asked, "the question stays open");
}

#[test]
fn a_few_at_a_time_are_held_like_many_at_once() {
    let crews: Vec<String> = (0..30).map(|number| format!("{number:02}")).collect();
    let users = crews.iter().map(|crew| registered(crew));
    let mut company = Company::new(crews.iter().map(|crew| retired(crew)), users);
    for crew in &crews {
        // Each event comes twice.
        for _ in 0..2 {
            company.now += 1.minute();
            company = company.after_report(&[crew]);
        }
    }
    assert_eq!(company.users.len(), 25, "five go");
    let reported = company.reported(&["05"]);
    assert_eq!(reported.logged("05"), ("削除", "保留"));
    let held = |number: &String| registered(number).user_id;
    let held: BTreeSet<UserId> = crews[5..].iter().map(held).collect();
    assert_eq!(company.decisions.held, held);
    company.now = NOW + 24.hours();
    assert_eq!(company.order(), Vec::<String>::new(), "nor does the night");
}

#[test]
fn dismissals_of_the_day_count_at_night_and_those_of_the_last_night_do_not() {
    let crews: Vec<String> = (0..30).map(|number| format!("{number:02}")).collect();
    let users = crews.iter().map(|crew| registered(crew));
    let people = crews.iter().map(|crew| retired(crew)).take(5);
    let still = crews[5..].iter().map(|crew| employee(crew));
    let night = Company::new(people.chain(still), users).after_night();
    assert_eq!(night.users.len(), 25);
    let mut by_day = night.clone();
    by_day.now = NOW + 23.hours();
    by_day.employees[5] = retired("05");
    let cause = by_day.reported(&["05"]).row("05").cause;
    assert!(
        cause.starts_with("24時間以内に多くの退職者がいるため"),
        "{cause}"
    );
    let mut next_night = by_day;
    next_night.now = NOW + 24.hours();
    assert_eq!(next_night.order(), ["05"]);
}

#[test]
fn those_whom_an_admin_allowed_do_not_count() {
    let crews: Vec<String> = (0..8).map(|number| number.to_string()).collect();
    let users = crews.iter().map(|crew| registered(crew));
    let mut company = Company::new(crews.iter().map(|crew| retired(crew)), users);
    company.decisions.allowed = ["0", "1", "2", "3", "4", "5"]
        .map(|crew| registered(crew).user_id)
        .into();
    company = company.after_report(&["0", "1", "2", "3", "4", "5"]);
    company.now += 1.minute();
    assert_eq!(company.reported(&["6"]).order(), ["6"]);
}

#[test]
fn an_answer_about_somebody_who_was_not_reported_is_kept() {
    let mut company = company([retired("1"), retired("2"), renamed("3")], &["1", "2", "3"]);
    company.decisions.refused = [registered("1").user_id].into();
    company.decisions.held = [registered("2").user_id].into();
    let after = company.after_report(&["3"]);
    assert_eq!(after.decisions, company.decisions);
    let after = company.after_report(&["2"]);
    assert_eq!(after.decisions, company.decisions);
}

/// Returns the company without what makes the order of people matter: an address or code that several have, too few
/// seats, held deletions, and system administrators of whom the last one stays.
fn in_order(mut company: Company) -> Company {
    let mut seen = HashSet::new();
    let mut is_new = |key: String| seen.insert(key);
    for person in &mut company.employees {
        let address = person.email.as_deref().and_then(EmailAddress::parse);
        if address.is_some_and(|address| !is_new(address.key())) {
            person.email = None;
        }
        let code = person.code.as_deref().map(|code| code.trim().to_owned());
        if code.is_some_and(|code| !is_new(code)) {
            person.code = None;
        }
    }
    for user in &mut company.users {
        user.role = Role::Member;
    }
    company.workspace.seats = 100;
    company.decisions = domain::DeletionDecisions::default();
    company
}

/// Returns the users as they can be seen, by id: how often they were written does not matter.
fn seen(company: &Company) -> BTreeMap<UserId, User> {
    let users = company.users.iter().cloned().map(|mut user| {
        (user.version, user.serial) = (0, 0);
        if let Some(invitation) = &mut user.invitation {
            invitation.serial = 0;
        }
        (user.user_id.clone(), user)
    });
    users.collect()
}

/// Generates reports: in any order, doubled, lost, and of crews that are not there.
fn reports() -> impl Strategy<Value = Vec<Vec<String>>> {
    let crew = (0..14_usize).prop_map(|number| format!("crew {number:02}"));
    proptest::collection::vec(proptest::collection::vec(crew, 1..5), 0..8)
}

fn after_reports(company: &Company, reports: &[Vec<String>]) -> Company {
    let mut company = company.clone();
    for crews in reports {
        company = company.after_report(crews);
    }
    company
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_was_reported_the_night_ends_as_it_would_alone(
        company in generated::company().prop_map(in_order), reports in reports(),
    ) {
        let leaves = |person: &&Employee| person.status == EmploymentStatus::Retired;
        prop_assume!(company.employees.iter().filter(leaves).count() <= 5);
        prop_assume!(company.plan().permission_lost.is_none());
        let night = company.after_night();
        let after = after_reports(&company, &reports);
        prop_assert_eq!(seen(&after.after_night()), seen(&night));
    }

    #[test]
    fn a_report_changes_only_the_user_who_is_linked_to_it_or_adds_one(
        company in generated::company(), reports in reports(),
    ) {
        let mut company = company;
        for crews in &reports {
            for change in &company.reported(crews).plan().changes {
                let crew = &change.employee().crew_id;
                prop_assert!(crews.iter().any(|reported| reported == crew.as_str()));
                if let Some(user) = change.user() {
                    prop_assert_eq!(user.crew_in(&company.tenant), Some(crew));
                }
                if let Change::Add { .. } = change {
                    prop_assert!(company.user(crew.as_str()).is_none());
                }
            }
            company = company.after_report(crews);
            let all = company.users.iter().flat_map(identifiers_of);
            let distinct: HashSet<_> = company.users.iter().flat_map(identifiers_of).collect();
            prop_assert_eq!(all.count(), distinct.len(), "two users share an identifier");
        }
    }

    #[test]
    fn reports_neither_exceed_the_seats_nor_lock_out_every_system_administrator(
        company in generated::company(), reports in reports(),
    ) {
        let lets_in = |company: &Company| {
            let mut users = company.users.iter();
            users.any(|user| user.is_system_administrator_with_password(company.now))
        };
        let after = after_reports(&company, &reports);
        let most = company.users.len().max(company.workspace.seats as usize);
        prop_assert!(after.users.len() <= most);
        prop_assert!(lets_in(&after) || !lets_in(&company));
    }
}
