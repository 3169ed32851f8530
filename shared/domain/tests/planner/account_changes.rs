//! What SmartHR says about how a システム管理者 or 管理者 signs in is held until a システム管理者 allows it.

use std::collections::BTreeMap;

use domain::plan::account_changes::ANSWER_LIFE;
use domain::{
    AccountAnswer, AccountChange, Credential, Decision, Employee, LoginMethod, LoginMethodSetting,
    Role, Status, User, UserId,
};
use proptest::prelude::*;

use crate::company::Company;
use crate::generated;
use crate::people::{
    by_hand, email, employee, invited, registered, registered_by_sso, retired, system_administrator,
};
use crate::properties::config;

const ADMIN_ROLES: [Role; 2] = [Role::SystemAdministrator, Role::Administrator];

/// Returns the first user of the company after a night.
fn user_after_night(company: &Company) -> User {
    company.after_night().users.swap_remove(0)
}

/// Returns the company after a システム管理者 answered every question of its plan.
pub(crate) fn answered(company: &Company, decision: Decision) -> Company {
    let plan = company.plan();
    let answer = |change: &AccountChange| AccountAnswer {
        change: change.clone(),
        decision,
        by: UserId::new("boss"),
        at: company.now,
    };
    let account_answers = plan
        .account_changes()
        .map(|held| answer(&held.change))
        .collect();
    Company {
        account_answers,
        ..company.clone()
    }
}

/// Returns an admin of this role whom SmartHR moves to another address, code or login method, besides a
/// システム管理者 who is not in SmartHR.
fn moved(role: Role, change: impl FnOnce(&mut Employee)) -> Company {
    let mut crew = employee("1");
    let user = User {
        role,
        ..registered("1")
    };
    change(&mut crew);
    let boss = by_hand(system_administrator("boss"));
    let mut company = Company::new([crew], [user, boss]);
    company.settings.login_method = LoginMethodSetting::Individual;
    company
}

#[test]
fn address_code_and_login_method_of_an_admin_stay_until_they_are_allowed() {
    type Change = fn(&mut Employee);
    let changes: [(&str, Change); 5] = [
        ("address", |crew| crew.email = Some("x@example.jp".into())),
        ("no address", |crew| crew.email = None),
        ("code", |crew| crew.code = Some("x".into())),
        ("no code", |crew| crew.code = None),
        ("login method", |crew| {
            crew.login_choice = Some(LoginMethod::Sso);
        }),
    ];
    for role in ADMIN_ROLES {
        for (what, change) in changes {
            let company = moved(role, change);
            let before = &company.users[0];
            assert_eq!(user_after_night(&company), *before, "{what} of {role:?}");
            assert_eq!(company.logged("1"), ("更新", "保留"), "{what} of {role:?}");

            let refused = answered(&company, Decision::Refuse);
            assert_eq!(user_after_night(&refused), *before, "{what} of {role:?}");
            assert_eq!(refused.logged("1"), ("変更なし", "成功"), "{what}");

            let allowed = answered(&company, Decision::Allow).after_night();
            assert_ne!(allowed.users[0], *before, "{what} of {role:?}");
            assert_eq!(allowed.logged("1"), ("変更なし", "成功"), "{what}");
            assert_eq!(allowed.account_answers, [], "{what}: the answer is used up");
        }
    }
}

#[test]
fn everybody_else_gets_a_new_address_without_a_question() {
    for role in [Role::Staff, Role::Member] {
        let company = moved(role, |crew| crew.email = Some("x@example.jp".into()));
        assert_eq!(user_after_night(&company).email, email("x@example.jp"));
    }
}

#[test]
fn a_record_with_an_admin_s_address_or_code_is_not_linked_to_the_account_until_it_is_allowed() {
    let by_code = Employee {
        email: None,
        ..employee("1")
    };
    for role in ADMIN_ROLES {
        for crew in [employee("1"), by_code.clone()] {
            let user = User {
                role,
                ..by_hand(registered("1"))
            };
            let company = Company::new([crew], [user.clone()]);
            assert_eq!(user_after_night(&company), user, "{role:?}");
            let row = company.row("1");
            assert_eq!(row.outcome.label(), "保留");
            assert_eq!(row.changes[0].field, "SmartHRとの紐付け(承認待ち)");
            assert_eq!(row.changes[0].new, "社員1");

            let refused = answered(&company, Decision::Refuse);
            assert_eq!(user_after_night(&refused), user);
            assert_eq!(refused.logged("1"), ("対象外", "成功"));

            let allowed = answered(&company, Decision::Allow);
            assert!(user_after_night(&allowed).crew_link.is_some());
        }
    }
}

#[test]
fn the_name_goes_on_while_the_address_waits_and_one_row_says_both() {
    let company = moved(Role::Administrator, |crew| {
        crew.name = Some("新しい名前".into());
        crew.email = Some("x@example.jp".into());
    });
    let user = user_after_night(&company);
    assert_eq!(user.name, "新しい名前");
    assert_eq!(user.email, email("1@example.jp"));
    let row = company.row("1");
    let changes: Vec<_> = row.changes.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(changes, ["氏名", "メールアドレス(承認待ち)"]);
    assert_eq!((row.action.label(), row.outcome.label()), ("更新", "保留"));
}

#[test]
fn an_expired_invitation_of_an_admin_comes_again_to_the_address_that_it_had() {
    let mut crew = employee("1");
    let mut user = User {
        role: Role::SystemAdministrator,
        ..invited("1")
    };
    crew.email = Some("x@example.jp".into());
    user.invitation.as_mut().unwrap().expires_at = Company::new([], []).now;
    let company = Company::new([crew], [user]);
    let after = user_after_night(&company);
    assert_eq!(after.email, email("1@example.jp"));
    assert_eq!(
        after.invitation.unwrap().fields_at_invitation.email,
        after.email
    );
}

#[test]
fn an_admin_who_signs_in_by_sso_gets_no_link_when_the_setting_becomes_password() {
    let crew = employee("1");
    let user = User {
        role: Role::Administrator,
        ..registered_by_sso("1")
    };
    let company = Company::new([crew], [user.clone()]);
    assert_eq!(user_after_night(&company), user);
    let allowed = answered(&company, Decision::Allow);
    assert!(user_after_night(&allowed).invitation.is_some());
}

#[test]
fn an_answer_is_valid_for_exactly_what_was_asked_and_a_permission_for_seven_days() {
    let asked = moved(Role::Administrator, |crew| {
        crew.email = Some("x@example.jp".into());
    });
    let allowed = answered(&asked, Decision::Allow);
    let mut other = allowed.clone();
    other.employees[0].email = Some("y@example.jp".into());
    assert_eq!(user_after_night(&other).email, email("1@example.jp"));
    let mut foreign = allowed.clone();
    foreign.account_answers[0].change.tenant_id = domain::TenantId::new("elsewhere");
    assert_eq!(user_after_night(&foreign).email, email("1@example.jp"));

    let hours = ANSWER_LIFE.as_hours();
    let last_hour = allowed.clone().hours_later(hours - 1);
    assert_eq!(user_after_night(&last_hour).email, email("x@example.jp"));
    let too_late = allowed.hours_later(hours);
    assert_eq!(user_after_night(&too_late).email, email("1@example.jp"));
    assert_eq!(too_late.logged("1"), ("更新", "保留"));
    let forgotten = too_late.after_night().account_answers;
    assert_eq!(forgotten, [], "the question is open again");

    let refused = answered(&asked, Decision::Refuse).hours_later(10 * hours);
    assert_eq!(refused.logged("1"), ("変更なし", "成功"));
}

#[test]
fn a_used_permission_does_not_let_the_same_change_through_a_second_time() {
    let asked = moved(Role::Administrator, |crew| {
        crew.email = Some("x@example.jp".into());
    });
    let mut after = answered(&asked, Decision::Allow).after_night();
    after.users[0].email = email("1@example.jp");
    assert_eq!(after.logged("1"), ("更新", "保留"));
}

#[test]
fn an_address_that_an_admin_keeps_is_not_handed_over_to_somebody_else() {
    let (mut admin, mut other) = (employee("1"), employee("2"));
    let users = [
        User {
            role: Role::SystemAdministrator,
            ..registered("1")
        },
        registered("2"),
    ];
    admin.email = Some("x@example.jp".into());
    other.email = Some("1@example.jp".into());
    let company = Company::new([admin, other], users.clone());
    assert_eq!(company.after_night().users, users);
    assert_eq!(company.logged("2"), ("更新", "失敗"));
}

#[test]
fn a_rule_that_the_new_address_breaks_is_told_rather_than_asked_about() {
    let mut company = moved(Role::Administrator, |crew| {
        crew.email = Some("x@elsewhere.jp".into());
    });
    company.workspace.allowed_domains = vec!["example.jp".into()];
    assert_eq!(company.logged("1"), ("更新", "失敗"));
}

#[test]
fn an_admin_who_retires_is_deleted_without_a_question() {
    let crew = retired("1");
    let user = User {
        role: Role::Administrator,
        ..registered("1")
    };
    assert_eq!(Company::new([crew], [user]).after_night().users, []);
}

/// What lets a user in: address, code, login method, the link in the mailbox, and the password.
fn ways_in(user: &User) -> impl PartialEq + std::fmt::Debug + use<'_> {
    let mailed_to = user
        .invitation
        .as_ref()
        .map(|it| &it.fields_at_invitation.email);
    // Nobody who signs in by SSO comes in with a password.
    let has_password =
        user.login_method == LoginMethod::Password && user.credential == Credential::Password;
    (
        (&user.email, &user.code, user.login_method, &user.crew_link),
        mailed_to.unwrap_or(&user.email),
        (has_password, user.status),
    )
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_night_changes_how_an_admin_signs_in_without_an_answer(
        company in generated::company(),
        hours in 0..200_i64,
    ) {
        let after: BTreeMap<_, _> = company
            .clone()
            .hours_later(hours)
            .after_night()
            .users
            .into_iter()
            .map(|user| (user.user_id.clone(), user))
            .collect();
        for user in company.users.iter().filter(|user| user.role.may_manage_connection()) {
            // Retirement is not held.
            let Some(after) = after.get(&user.user_id) else {
                prop_assert!(user.crew_in(&company.tenant).is_some());
                continue;
            };
            // Somebody who signs in by SSO, or has no address, is registered without accepting an invitation: the
            // initial password is mailed to the システム管理者.
            let mut before = user.clone();
            let needs_no_link = before.login_method == LoginMethod::Sso || before.email.is_none();
            if before.status == Status::Invited && needs_no_link {
                before.status = after.status;
                before.credential = after.credential;
            }
            prop_assert_eq!(ways_in(&before), ways_in(after));
        }
    }

    #[test]
    fn what_was_allowed_is_made_by_the_next_night(company in generated::company()) {
        let allowed = answered(&company, Decision::Allow);
        let after = allowed.after_night();
        let plan = after.plan();
        let failed: Vec<_> = plan.failures.iter().filter_map(|failed| failed.user).collect();
        for held in plan.account_changes() {
            let asked = allowed.account_answers.iter().any(|it| it.change == held.change);
            let fails = failed.iter().any(|user| user.user_id == held.change.user_id);
            prop_assert!(!asked || fails, "{held:?}");
        }
    }
}
