//! Transactions are written completely or not at all.

mod database;

use database::{now, store, user, workspace};
use domain::{
    DerivedFrom, EmailAddress, EmployeeCode, KeyId, MailKind, OutboxMail, RunId, User, UserId,
};
use jiff::{SignedDuration, Timestamp};
use storage::outbox::MailResult;
use storage::seats_and_lease::AcquiredLease;
use storage::transaction::{Commit, CredentialHashChanges, Step, UserWrite};
use storage::{Store, StoreError};

fn create(after: User) -> UserWrite {
    UserWrite::Create {
        after,
        hashes: CredentialHashChanges::default(),
    }
}

fn change(before: &User, after: impl FnOnce(&mut User)) -> UserWrite {
    let mut changed = before.clone();
    changed.version += 1;
    after(&mut changed);
    UserWrite::Change {
        before: before.clone(),
        after: changed,
        hashes: CredentialHashChanges::default(),
    }
}

fn changed_user(write: &UserWrite) -> User {
    let UserWrite::Change { after, .. } = write else {
        panic!("no change")
    };
    after.clone()
}

fn commit(users: Vec<UserWrite>) -> Commit<'static> {
    Commit {
        users,
        seats: 10,
        ..Commit::default()
    }
}

async fn write<const N: usize>(store: &Store, users: [UserWrite; N]) -> Result<(), StoreError> {
    store
        .commit(&workspace(), &commit(users.into()), now())
        .await
}

#[tokio::test]
async fn a_new_user_is_listed_counted_and_found_by_address_and_code() {
    let store = store().await;
    let taro = user("taro", Some("Taro@example.jp"), Some("001"));
    write(&store, [create(taro.clone())]).await.unwrap();

    assert_eq!(store.users(&workspace()).await.unwrap(), vec![taro.clone()]);
    assert_eq!(store.seats_and_lease(&workspace()).await.unwrap().users, 1);
    let email = EmailAddress::parse("taro@EXAMPLE.jp").unwrap();
    assert_eq!(
        store.holders_of_email(&email).await.unwrap(),
        vec![(workspace(), taro.user_id.clone())]
    );
    let code = taro.code.clone().unwrap();
    assert_eq!(
        store.holder_of_code(&workspace(), &code).await.unwrap(),
        Some(taro.user_id)
    );
}

/// Whatever was created, changed, deleted and restored before: earlier versions of codes find nobody.
#[tokio::test]
async fn a_code_is_found_in_any_case_by_the_only_one_who_has_it_so_after_any_changes() {
    const CODES: [&str; 8] = ["ab", "aB", "Ab", "AB", "Ab-1", "aB-1", "ab-1", "7"];
    let store = store().await;
    let mut held: Vec<(User, bool)> = Vec::new();
    let mut state: u32 = 20_261_130;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    for round in 0..120 {
        let code = CODES[next(CODES.len())];
        let is_free = held
            .iter()
            .all(|(user, there)| !there || user.code.as_ref().is_none_or(|it| it.as_str() != code));
        let chosen = next(held.len().max(1));
        let done = match (next(4), held.get(chosen).cloned()) {
            (0, Some((before, true))) => {
                held[chosen].1 = false;
                UserWrite::Delete { before }
            }
            (1, Some((before, true))) if is_free => {
                let changed = change(&before, |user| user.code = EmployeeCode::parse(code));
                held[chosen].0 = changed_user(&changed);
                changed
            }
            (_, Some((after, false)))
                if after.code.as_ref().is_some_and(|it| it.as_str() == code) && is_free =>
            {
                held[chosen].1 = true;
                UserWrite::Restore { after }
            }
            (_, _) if is_free => {
                let after = user(&format!("usr_{round}"), None, Some(code));
                held.push((after.clone(), true));
                create(after)
            }
            _ => continue,
        };
        write(&store, [done]).await.unwrap();
        for typed in CODES {
            let holds = |same: fn(&str, &str) -> bool| -> Vec<UserId> {
                let has = |user: &User| {
                    user.code
                        .as_ref()
                        .is_some_and(|it| same(it.as_str(), typed))
                };
                let there = held.iter().filter(|(user, there)| *there && has(user));
                there.map(|(user, _)| user.user_id.clone()).collect()
            };
            let (exact, any) = (holds(|a, b| a == b), holds(str::eq_ignore_ascii_case));
            let expected = match (&*exact, &*any) {
                ([one], _) | ([], [one]) => Some(one.clone()),
                _ => None,
            };
            let code = EmployeeCode::parse(typed).unwrap();
            let found = store.holder_of_code_in_any_case(&workspace(), &code).await;
            assert_eq!(found.unwrap(), expected, "{typed} in round {round}");
        }
    }
}

#[tokio::test]
async fn an_address_that_is_taken_stops_the_whole_write() {
    let store = store().await;
    let with = |id, email| create(user(id, Some(email), None));
    let first = write(&store, [with("taro", "a@example.jp")]).await;
    first.unwrap();
    let two = [with("hanako", "b@example.jp"), with("jiro", "A@example.jp")];
    let refused = write(&store, two).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    assert_eq!(store.users(&workspace()).await.unwrap().len(), 1);
    assert_eq!(store.seats_and_lease(&workspace()).await.unwrap().users, 1);
}

#[tokio::test]
async fn two_people_swap_their_addresses_in_one_write() {
    let store = store().await;
    let taro = user("taro", Some("a@example.jp"), Some("1"));
    let jiro = user("jiro", Some("b@example.jp"), Some("2"));
    let both = [create(taro.clone()), create(jiro.clone())];
    write(&store, both).await.unwrap();
    let swap = [
        change(&taro, |user| user.email = jiro.email.clone()),
        change(&jiro, |user| user.email = taro.email.clone()),
    ];
    write(&store, swap).await.unwrap();
    let holders = store.holders_of_email(taro.email.as_ref().unwrap()).await;
    assert_eq!(holders.unwrap(), [(workspace(), jiro.user_id)]);
}

#[tokio::test]
async fn what_was_decided_on_an_older_state_is_refused() {
    let store = store().await;
    let taro = user("taro", Some("a@example.jp"), None);
    write(&store, [create(taro.clone())]).await.unwrap();
    let rename = |name: &str| change(&taro, |user| user.name = name.into());
    write(&store, [rename("一郎")]).await.unwrap();
    let late = write(&store, [rename("二郎")]).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    assert_eq!(store.users(&workspace()).await.unwrap()[0].name, "一郎");
}

#[tokio::test]
async fn the_plans_seats_hold_even_when_two_add_at_once() {
    let store = store().await;
    let one_seat = |id: &str| Commit {
        users: vec![create(user(id, None, Some(id)))],
        seats: 1,
        ..Commit::default()
    };
    let (first, second) = (one_seat("taro"), one_seat("jiro"));
    let ws = workspace();
    let (first, second) = tokio::join!(
        store.commit(&ws, &first, now()),
        store.commit(&ws, &second, now())
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(store.users(&ws).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_deleted_user_frees_seat_address_and_code_and_can_be_looked_up_for_restoring() {
    let store = store().await;
    let taro = user("taro", Some("a@example.jp"), Some("1"));
    write(&store, [create(taro.clone())]).await.unwrap();
    let before = taro.clone();
    write(&store, [UserWrite::Delete { before }]).await.unwrap();

    assert!(store.users(&workspace()).await.unwrap().is_empty());
    assert_eq!(store.seats_and_lease(&workspace()).await.unwrap().users, 0);
    let email = taro.email.clone().unwrap();
    assert!(store.holders_of_email(&email).await.unwrap().is_empty());
    let deleted = store.deleted_users(&workspace()).await.unwrap();
    assert_eq!(deleted[0].user, taro);
    let new = user("new", Some("a@example.jp"), Some("1"));
    write(&store, [create(new)]).await.unwrap();
}

#[tokio::test]
async fn a_stale_holder_of_the_lease_cannot_write() {
    let store = store().await;
    let ws = workspace();
    let run = |id: &str| RunId::new(id);
    let taken = store.acquire_lease(&ws, &run("a"), 0, now()).await.unwrap();
    let old = taken.unwrap().lease;
    let busy = store.acquire_lease(&ws, &run("b"), 0, now()).await.unwrap();
    assert_eq!(busy, None);

    let later: Timestamp = now() + SignedDuration::from_secs(61);
    let taken = store.acquire_lease(&ws, &run("b"), 0, later).await.unwrap();
    let AcquiredLease {
        lease: new,
        unended,
        ..
    } = taken.unwrap();
    assert_eq!(unended, [run("a")]);
    let step = |lease, id: &str| Commit {
        users: vec![create(user(id, None, Some(id)))],
        seats: 10,
        step: Some(Step {
            deletions: None,
            changed_by_day: 0,
            lease,
            rows: Vec::new(),
            people_before: 1,
            total: 2,
        }),
        ..Commit::default()
    };
    let stale = store.commit(&ws, &step(&old, "taro"), later).await;
    assert!(matches!(stale, Err(StoreError::Fenced)), "{stale:?}");
    store.commit(&ws, &step(&new, "jiro"), later).await.unwrap();
    assert_eq!(store.users(&ws).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_mail_is_claimed_by_one_delivery_and_waits_until_it_is_settled() {
    let store = store().await;
    let ws = workspace();
    let mail = OutboxMail::new(
        MailKind::Invitation {
            user_id: UserId::new("taro"),
            serial: 2,
            again: true,
            derived_from: Some(DerivedFrom {
                key_id: KeyId::new("key"),
                seed: "seed".into(),
            }),
        },
        now(),
    );
    let with_mail = Commit {
        users: vec![create(user("taro", Some("a@example.jp"), None))],
        mails: vec![mail.clone()],
        seats: 10,
        ..Commit::default()
    };
    store.commit(&ws, &with_mail, now()).await.unwrap();
    assert_eq!(
        store.waiting_mails(&ws).await.unwrap(),
        vec![mail.mail_id.clone()]
    );

    let claimed = store.claim_mail(&ws, &mail.mail_id, now()).await.unwrap();
    assert_eq!(claimed, Some(mail.clone()));
    assert_eq!(
        store.claim_mail(&ws, &mail.mail_id, now()).await.unwrap(),
        None
    );
    assert!(store.mail_waits(&ws, &mail.mail_id).await.unwrap());

    let settled = store.settle_mail(&ws, &mail.mail_id, &MailResult::Sent, now());
    settled.await.unwrap();
    assert!(store.waiting_mails(&ws).await.unwrap().is_empty());
    let later = now() + SignedDuration::from_hours(1);
    assert_eq!(
        store.claim_mail(&ws, &mail.mail_id, later).await.unwrap(),
        None
    );
}
