//! Second factors: each code works once, and they go with their user.

#![expect(
    clippy::unwrap_used,
    reason = "a database that does not answer is a failed test"
)]

mod database;

use database::{now, store, user, workspace};
use domain::{KeyId, Passkey, UserId};
use storage::second_factors::{SecondFactorChange as Change, SecondFactors, Totp};
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use storage::{Store, StoreError};

async fn write(store: &Store, changes: Vec<Change>) -> Result<(), StoreError> {
    let hanako = UserId::new("hanako");
    let with_user = changes.into_iter().map(|change| (hanako.clone(), change));
    let commit = Commit {
        second_factors: with_user.collect(),
        ..Commit::default()
    };
    store.commit(&workspace(), &commit, now()).await
}

async fn factors(store: &Store) -> SecondFactors {
    let hanako = UserId::new("hanako");
    store.second_factors(&workspace(), &hanako).await.unwrap()
}

async fn hanako_with_codes(hashes: &[&str]) -> Store {
    let store = store().await;
    let create = UserWrite::Create {
        after: user("hanako", None, Some("001")),
        hashes: CredentialHashChanges::default(),
    };
    let commit = Commit {
        users: vec![create],
        seats: 10,
        ..Commit::default()
    };
    store.commit(&workspace(), &commit, now()).await.unwrap();
    let totp = Totp {
        key_id: KeyId::new("key"),
        seed: "seed".into(),
        last_step: 100,
        added_at: now(),
    };
    let codes = hashes.iter().map(ToString::to_string).collect();
    let changes = vec![Change::PutTotp(totp), Change::PutRecoveryCodes(codes)];
    write(&store, changes).await.unwrap();
    store
}

#[tokio::test]
async fn a_step_and_a_recovery_code_are_accepted_once_also_by_two_at_the_same_moment() {
    let store = hanako_with_codes(&["a", "b"]).await;
    for (change, next) in [
        (Change::AcceptTotpStep(101), Change::AcceptTotpStep(102)),
        (
            Change::UseRecoveryCode("a".into()),
            Change::UseRecoveryCode("b".into()),
        ),
    ] {
        let both = (
            write(&store, vec![change.clone()]),
            write(&store, vec![change.clone()]),
        );
        let (one, other) = tokio::join!(both.0, both.1);
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
        let again = write(&store, vec![change]).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
        write(&store, vec![next]).await.unwrap();
    }
    let factors = factors(&store).await;
    assert_eq!(factors.totp.unwrap().last_step, 102);
    assert_eq!(factors.recovery_codes_left, 0);
    assert!(
        write(&store, vec![Change::AcceptTotpStep(50)])
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_passkey_is_used_once_with_each_state_and_is_not_brought_back_by_a_use_or_a_new_name() {
    let store = hanako_with_codes(&["a"]).await;
    let passkey = Passkey {
        id: "id".into(),
        credential_id: "Y3JlZGVudGlhbA".into(),
        user_handle: "aGFuZGxl".into(),
        public_key: "a2V5".into(),
        authenticator_state: "one".into(),
        transports: 0,
        name: "Mac".into(),
        added_at: now(),
        last_used_at: now(),
    };
    write(&store, vec![Change::PutPasskey(passkey.clone())])
        .await
        .unwrap();
    let used = Passkey {
        authenticator_state: "two".into(),
        ..passkey
    };
    let use_it = Change::UsePasskey {
        used: used.clone(),
        state_before: "one".into(),
    };
    let rename = Change::RenamePasskey {
        id: "id".into(),
        name: "会社のMac".into(),
    };
    write(&store, vec![use_it.clone()]).await.unwrap();
    let again = write(&store, vec![use_it.clone()]).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    write(&store, vec![rename.clone()]).await.unwrap();
    let renamed = Passkey {
        name: "会社のMac".into(),
        ..used
    };
    assert_eq!(factors(&store).await.passkeys, [renamed]);
    write(&store, vec![Change::RemovePasskey("id".into())])
        .await
        .unwrap();
    for gone in [use_it, rename] {
        assert!(write(&store, vec![gone]).await.is_err());
    }
    assert!(factors(&store).await.passkeys.is_empty());
}

#[tokio::test]
async fn second_factors_go_with_the_user_who_is_deleted() {
    let store = hanako_with_codes(&["a"]).await;
    assert!(factors(&store).await.any());
    let before = store
        .user(&workspace(), &UserId::new("hanako"))
        .await
        .unwrap();
    let commit = Commit {
        users: vec![UserWrite::Delete {
            before: before.unwrap(),
        }],
        ..Commit::default()
    };
    store.commit(&workspace(), &commit, now()).await.unwrap();
    assert_eq!(factors(&store).await, SecondFactors::default());
}
