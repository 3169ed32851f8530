//! A provisioner with a real table, and the events that it gets.

use credentials::{DerivationKey, Random};
use domain::User;
use jiff::Timestamp;
use serde_json::{Value, json};
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};

use crate::error::ProvisionError;
use crate::event::Provisioned;
use crate::handler::Provisioner;

pub(super) struct Desk {
    pub(super) provisioner: Provisioner,
    pub(super) now: Timestamp,
}

impl Desk {
    pub(super) async fn open() -> Self {
        let (store, _sdk) = storage::testing::database().await.unwrap();
        Self {
            provisioner: Provisioner {
                store,
                key: DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into())
                    .unwrap(),
                random: Random::seeded(1),
            },
            now: "2026-11-25T02:00:00+09:00".parse().unwrap(),
        }
    }

    pub(super) async fn provision(
        &self,
        event: &Value,
    ) -> Result<(Provisioned, Vec<String>), ProvisionError> {
        let event = serde_json::from_value(event.clone()).unwrap();
        self.provisioner.provision(event, self.now).await
    }

    pub(super) async fn administrator(
        &self,
        provisioned: &Provisioned,
    ) -> (User, storage::users::CredentialHashes) {
        let user_id = provisioned.system_administrator_user_id.as_ref().unwrap();
        self.provisioner
            .store
            .user_with_hashes(&provisioned.workspace_id, user_id)
            .await
            .unwrap()
            .unwrap()
    }

    /// Changes the システム管理者 of a workspace, as an admin or a run does.
    pub(super) async fn change_administrator(
        &self,
        provisioned: &Provisioned,
        change: impl FnOnce(&mut User),
    ) {
        let (before, _) = self.administrator(provisioned).await;
        let mut after = before.clone();
        change(&mut after);
        after.version += 1;
        let commit = Commit {
            users: vec![UserWrite::Change {
                before,
                after,
                hashes: CredentialHashChanges::default(),
            }],
            ..Commit::default()
        };
        let store = &self.provisioner.store;
        let written = store.commit(&provisioned.workspace_id, &commit, self.now);
        written.await.unwrap();
    }
}

pub(super) fn event(administrator: &Value) -> Value {
    json!({
        "name": "みどり商事",
        "company_code": "MIDORI",
        "seats": 10,
        "allowed_domains": ["Midori.example"],
        "system_administrator": administrator
    })
}

pub(super) fn with_password() -> Value {
    json!({"name": "田中 花子", "email": "hanako@midori.example", "password": "hashiru-neko-42"})
}

pub(super) fn by_invitation() -> Value {
    json!({"name": "田中 花子", "email": "hanako@midori.example", "password": null})
}
