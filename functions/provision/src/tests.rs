//! Provisioning with a real table.

use credentials::{CredentialSeed, DerivationKey, PasswordHash, Random, TokenHash};
use domain::{
    AuditAction, AuditEvent, Credential, KeyId, LoginMethod, MailKind, OidcProvider, Role,
    SingleSignOn, Status, User,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use storage::StoreError;
use storage::audit::AuditFilter;
use storage::second_factors::{SecondFactorChange, Totp};
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};

use crate::error::ProvisionError;
use crate::event::Provisioned;
use crate::handler::Provisioner;
use crate::workspace::{EDITORS, VIEWERS};

struct Desk {
    provisioner: Provisioner,
    now: Timestamp,
}

impl Desk {
    async fn open() -> Self {
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

    async fn provision(&self, event: &Value) -> Result<(Provisioned, Vec<String>), ProvisionError> {
        let event = serde_json::from_value(event.clone()).unwrap();
        self.provisioner.provision(event, self.now).await
    }

    async fn administrator(
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
}

fn event(administrator: &Value) -> Value {
    json!({
        "name": "みどり商事",
        "company_code": "MIDORI",
        "seats": 10,
        "allowed_domains": ["Midori.example"],
        "system_administrator": administrator
    })
}

fn with_password() -> Value {
    json!({"name": "田中 花子", "email": "hanako@midori.example", "password": "hashiru-neko-42"})
}

fn by_invitation() -> Value {
    json!({"name": "田中 花子", "email": "hanako@midori.example", "password": null})
}

#[tokio::test]
async fn a_workspace_is_made_with_its_groups_and_an_administrator_who_can_sign_in() {
    let desk = Desk::open().await;
    let (provisioned, mails) = desk.provision(&event(&with_password())).await.unwrap();
    assert!(mails.is_empty());
    let store = &desk.provisioner.store;
    let workspace = store.workspace(&provisioned.workspace_id).await.unwrap();
    let workspace = workspace.unwrap();
    assert_eq!(workspace.allowed_domains, ["midori.example"]);
    let names: Vec<_> = workspace.groups.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, [EDITORS, VIEWERS]);

    let (user, hashes) = desk.administrator(&provisioned).await;
    assert_eq!(user.role, Role::SystemAdministrator);
    assert_eq!(user.status, Status::Active);
    assert_eq!(user.credential, Credential::Password);
    assert_eq!(user.crew_link, None);
    let hash = PasswordHash::from(hashes.password_hash.unwrap());
    assert!(hash.verify("hashiru-neko-42".into()).await.unwrap());
    let gate = store
        .seats_and_lease(&provisioned.workspace_id)
        .await
        .unwrap();
    assert_eq!(gate.users, 1);
}

#[tokio::test]
async fn an_administrator_without_a_password_is_invited() {
    let desk = Desk::open().await;
    let (provisioned, mails) = desk.provision(&event(&by_invitation())).await.unwrap();
    let (user, hashes) = desk.administrator(&provisioned).await;
    assert_eq!(user.status, Status::Invited);
    let store = &desk.provisioner.store;
    let waiting = store.waiting_mails(&provisioned.workspace_id).await;
    assert_eq!(waiting.unwrap(), mails);
    let id = &provisioned.workspace_id;
    let claimed = store.claim_mail(id, &mails[0], desk.now).await.unwrap();
    let MailKind::Invitation { derived_from, .. } = claimed.unwrap().kind else {
        panic!("no invitation");
    };
    let seed = CredentialSeed::from(&derived_from.unwrap().seed);
    let key = &desk.provisioner.key;
    let secret = key.invitation_token(Some(&seed), id, &user.user_id, 1);
    assert_eq!(
        hashes.invitation_hash.as_deref(),
        Some(TokenHash::of(&secret).as_str())
    );
    let invitation = user.invitation.unwrap();
    assert_eq!(
        invitation.expires_at,
        desk.now + SignedDuration::from_hours(72)
    );
}

#[tokio::test]
async fn the_same_event_with_the_workspace_id_changes_nothing_more() {
    let desk = Desk::open().await;
    let mut event = event(&with_password());
    let (first, _) = desk.provision(&event).await.unwrap();
    let (user, _) = desk.administrator(&first).await;
    event["workspace_id"] = json!(first.workspace_id);
    for _ in 0..2 {
        let (again, mails) = desk.provision(&event).await.unwrap();
        let user_id = &first.system_administrator_user_id;
        assert_eq!(&again.system_administrator_user_id, user_id);
        assert!(again.changes.is_empty() && mails.is_empty());
    }
    assert_eq!(desk.administrator(&first).await.0, user);
}

#[tokio::test]
async fn an_update_without_an_administrator_changes_the_workspace_only() {
    let desk = Desk::open().await;
    let (first, _) = desk.provision(&event(&with_password())).await.unwrap();
    let update = json!({
        "workspace_id": first.workspace_id, "name": "みどり商事株式会社",
        "company_code": "MIDORI-2", "seats": 300
    });
    let (second, _) = desk.provision(&update).await.unwrap();
    assert_eq!(second.system_administrator_user_id, None);
    let store = &desk.provisioner.store;
    let workspace = store.workspace(&first.workspace_id).await.unwrap().unwrap();
    assert_eq!(workspace.seats, 300);
    let old = store.workspace_of_company_code("MIDORI").await.unwrap();
    assert_eq!(old, None);
}

#[tokio::test]
async fn an_update_changes_the_fields_that_it_gives_and_prints_them_before_and_after() {
    let desk = Desk::open().await;
    let mut made = event(&with_password());
    made["related_company_users"] = json!(["oya@midori-hd.example"]);
    made["groups"] = json!(["本社"]);
    let (first, _) = desk.provision(&made).await.unwrap();
    let (id, store) = (&first.workspace_id, &desk.provisioner.store);
    let since = AuditEvent::by_operator(
        "req".into(),
        AuditAction::SecondFactorRequirementSaved,
        desk.now,
    );
    let required = store.put_second_factor_requirement(id, Some(desk.now), &since);
    required.await.unwrap();
    let sso = SingleSignOn::new(OidcProvider {
        issuer: "https://id.midori.example".into(),
        client_id: "kitera".into(),
        secret_id: "secret".into(),
    })
    .passed_test();
    let workspace = store.workspace(id).await.unwrap().unwrap();
    let saved = store.put_single_sign_on(&workspace, Some(&sso), &[]);
    saved.await.unwrap();

    // Each field by itself leaves all others alone, single sign-on and second factors too.
    let mut expected = store.workspace(id).await.unwrap().unwrap();
    assert!(expected.sso_configured() && expected.second_factor_required_since.is_some());
    let domains = json!(["midori.example", "midori.jp"]);
    for (field, value, printed) in [
        ("seats", json!(20), ["プランのユーザー数", "10", "20"]),
        (
            "name",
            json!("みどり"),
            ["ワークスペース名", "みどり商事", "みどり"],
        ),
        (
            "company_code",
            json!("MDR"),
            ["企業コード", "MIDORI", "MDR"],
        ),
        (
            "allowed_domains",
            domains,
            [
                "許可ドメイン",
                "midori.example",
                "midori.example、midori.jp",
            ],
        ),
        (
            "related_company_users",
            json!([]),
            ["関連企業のユーザー", "", ""],
        ),
        (
            "allowed_domains",
            json!([]),
            ["許可ドメイン", "midori.example、midori.jp", ""],
        ),
    ] {
        let mut update = json!({ "workspace_id": id, "seats": null });
        update[field] = value.clone();
        let (updated, _) = desk.provision(&update).await.unwrap();
        let changes = updated.changes.iter();
        let value_of = |value: &Option<String>| value.clone().unwrap_or_default();
        let changes: Vec<_> = changes
            .map(|it| {
                [
                    it.field.label().to_owned(),
                    value_of(&it.old),
                    value_of(&it.new),
                ]
            })
            .collect();
        assert_eq!(changes, [printed], "{field}");
        let mut fields = serde_json::to_value(&expected).unwrap();
        fields[field] = value;
        expected = serde_json::from_value(fields).unwrap();
        assert_eq!(
            store.workspace(id).await.unwrap().unwrap(),
            expected,
            "{field}"
        );
    }
    // A new workspace has nothing to keep.
    let refused = desk
        .provision(&json!({ "seats": 5 }))
        .await
        .unwrap_err()
        .to_string();
    for missing in [
        "name must be",
        "company_code must be",
        "system_administrator is needed",
    ] {
        assert!(refused.contains(missing), "{missing}: {refused}");
    }
}

#[tokio::test]
async fn an_administrator_who_has_not_come_in_yet_is_invited_again() {
    let desk = Desk::open().await;
    let mut event = event(&by_invitation());
    let (first, mails) = desk.provision(&event).await.unwrap();
    event["workspace_id"] = json!(first.workspace_id);
    let (_, new_mails) = desk.provision(&event).await.unwrap();
    assert_ne!(mails, new_mails);
    let (user, _) = desk.administrator(&first).await;
    assert_eq!(user.invitation.unwrap().serial, 2);
}

#[tokio::test]
async fn a_company_code_in_use_is_refused_and_its_workspace_is_named() {
    let desk = Desk::open().await;
    let (first, _) = desk.provision(&event(&with_password())).await.unwrap();
    let error = desk.provision(&event(&with_password())).await.unwrap_err();
    assert!(error.to_string().contains(first.workspace_id.as_str()));
    let mut other = event(&with_password());
    other["company_code"] = json!("AOZORA");
    other["workspace_id"] = json!("ws_unknown");
    let error = desk.provision(&other).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no workspace ws_unknown");
}

#[tokio::test]
async fn an_address_of_somebody_who_is_no_administrator_is_refused() {
    let desk = Desk::open().await;
    let mut event = event(&with_password());
    let (first, _) = desk.provision(&event).await.unwrap();
    let (before, _) = desk.administrator(&first).await;
    let mut after = before.clone();
    after.role = Role::Member;
    after.version += 1;
    let change = UserWrite::Change {
        before,
        after,
        hashes: CredentialHashChanges::default(),
    };
    let commit = Commit {
        users: vec![change],
        ..Commit::default()
    };
    let store = &desk.provisioner.store;
    let written = store.commit(&first.workspace_id, &commit, desk.now).await;
    written.unwrap();
    event["workspace_id"] = json!(first.workspace_id);
    let error = desk.provision(&event).await.unwrap_err();
    assert!(error.to_string().contains("not a system administrator"));
}

#[tokio::test]
async fn the_sample_event_is_accepted() {
    let desk = Desk::open().await;
    let sample = include_str!("../../../events/provision.json");
    let sample = serde_json::from_str(sample).unwrap();
    let (_, mails) = desk.provision(&sample).await.unwrap();
    assert_eq!(mails.len(), 1);
}

#[tokio::test]
async fn an_administrator_who_signs_in_by_sso_or_forgot_the_password_is_mailed_a_new_link() {
    let desk = Desk::open().await;
    let (first, _) = desk.provision(&event(&with_password())).await.unwrap();
    let (before, _) = desk.administrator(&first).await;
    let mut by_sso = before.clone();
    by_sso.login_method = LoginMethod::Sso;
    by_sso.admit_by_sso();
    by_sso.version += 1;
    let change = UserWrite::Change {
        before,
        after: by_sso,
        hashes: CredentialHashChanges::default(),
    };
    let commit = Commit {
        users: vec![change],
        ..Commit::default()
    };
    let store = &desk.provisioner.store;
    let written = store.commit(&first.workspace_id, &commit, desk.now).await;
    written.unwrap();
    let app = Totp {
        key_id: KeyId::new("key"),
        seed: "seed".into(),
        last_step: 0,
        added_at: desk.now,
    };
    let user_id = first.system_administrator_user_id.clone().unwrap();
    let commit = Commit {
        second_factors: vec![(user_id, SecondFactorChange::PutTotp(app))],
        ..Commit::default()
    };
    let written = store.commit(&first.workspace_id, &commit, desk.now).await;
    written.unwrap();

    let sample = include_str!("../../../events/provision-new-link.json");
    let mut asked: Value = serde_json::from_str(sample).unwrap();
    asked["new_link"] = json!({"workspace": first.workspace_id, "email": "Hanako@midori.example"});
    let send = async |asked: &Value| {
        let event = serde_json::from_value(asked.clone()).unwrap();
        desk.provisioner.new_link(event, desk.now).await
    };
    let (answer, mails) = send(&asked).await.unwrap();
    assert_eq!(
        answer.system_administrator_user_id,
        first.system_administrator_user_id
    );
    assert_eq!(mails.len(), 2);
    assert!(mails[1].starts_with("second-factor-changed#"));
    let (user, hashes) = desk.administrator(&first).await;
    let factors = store.second_factors(&first.workspace_id, &user.user_id);
    assert!(!factors.await.unwrap().any());
    assert_eq!(user.login_method, LoginMethod::Password);
    assert!(user.invitation.is_some() && hashes.invitation_hash.is_some());
    assert_eq!(hashes.session_epoch, 1);
    let filter = AuditFilter {
        action: Some(AuditAction::AdministratorSentLink),
        person: None,
    };
    let events = store.audit_events(&first.workspace_id, &filter, None, 9);
    assert_eq!(events.await.unwrap().len(), 1);

    asked["new_link"]["email"] = json!("nobody@midori.example");
    let refused = send(&asked).await.unwrap_err().to_string();
    assert!(refused.contains("no system administrator"), "{refused}");
}

#[tokio::test]
async fn what_admins_set_stays_until_the_operator_gives_it_and_vouches_for_it() {
    let desk = Desk::open().await;
    let (first, _) = desk.provision(&event(&with_password())).await.unwrap();
    let (id, store) = (&first.workspace_id, &desk.provisioner.store);
    let before = store.workspace(id).await.unwrap().unwrap();
    let domains = vec!["midori.jp".to_owned()];
    let after = before.clone().with_domains_of_admin(domains.clone());
    let saved = AuditEvent::by_operator("req".into(), AuditAction::AllowedDomainsSaved, desk.now);
    store
        .change_workspace(&before, &after, &saved)
        .await
        .unwrap();
    // Who read the workspace before does not write over what was saved since.
    let late = store.change_workspace(&before, &before, &saved).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    let late = store.put_workspace(&before, &[]).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");

    let seats = json!({ "workspace_id": id, "seats": 20 });
    desk.provision(&seats).await.unwrap();
    let stored = store.workspace(id).await.unwrap().unwrap();
    assert_eq!((stored.seats, &stored.allowed_domains), (20, &domains));
    assert_eq!(stored.domains_of_admins, domains);
    let vouched = json!({ "workspace_id": id, "allowed_domains": domains });
    desk.provision(&vouched).await.unwrap();
    let stored = store.workspace(id).await.unwrap().unwrap();
    assert_eq!(stored.allowed_domains, domains);
    assert!(stored.domains_of_admins.is_empty());
}

#[tokio::test]
async fn a_new_workspace_needs_what_the_contract_decides_and_has_defaults_for_the_rest() {
    let desk = Desk::open().await;
    let event = json!({
        "name": "みどり商事", "company_code": "MIDORI", "seats": 10,
        "system_administrator": by_invitation()
    });
    let (made, _) = desk.provision(&event).await.unwrap();
    let store = &desk.provisioner.store;
    let workspace = store.workspace(&made.workspace_id).await.unwrap().unwrap();
    assert!(workspace.allowed_domains.is_empty() && workspace.related_company_users.is_empty());
    let names: Vec<_> = workspace.groups.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, [EDITORS, VIEWERS]);
}

#[tokio::test]
async fn the_contract_says_whose_parent_company_which_is_and_both_workspaces_know_it() {
    let desk = Desk::open().await;
    let (child, _) = desk.provision(&event(&with_password())).await.unwrap();
    let named = |code: &str| {
        json!({
            "name": code, "company_code": code, "seats": 10,
            "system_administrator": by_invitation()
        })
    };
    let (parent, _) = desk.provision(&named("OYA")).await.unwrap();
    let (other, _) = desk.provision(&named("OYA-2")).await.unwrap();
    let (child, store) = (&child.workspace_id, &desk.provisioner.store);
    let children = async |id| {
        let workspace = store.workspace(id).await.unwrap().unwrap();
        workspace.child_workspace_ids
    };
    let set = async |code: &str| {
        let update = json!({ "workspace_id": child, "parent_company_code": code });
        desk.provision(&update).await
    };
    let (updated, _) = set("oya").await.unwrap();
    assert_eq!(updated.changes[0].field.label(), "親会社のワークスペース");
    let stored = store.workspace(child).await.unwrap().unwrap();
    assert_eq!(
        stored.parent_workspace_id.as_ref(),
        Some(&parent.workspace_id)
    );
    assert_eq!(
        children(&parent.workspace_id).await,
        std::slice::from_ref(child)
    );
    // Its system administrators see it as well.
    let everything = AuditFilter::default();
    let newest = store.audit_events(&parent.workspace_id, &everything, None, 1);
    let changed = &newest.await.unwrap()[0].changes[0];
    assert_eq!(changed.new.as_deref(), Some(child.as_str()));

    // What is left out stays, on either side.
    let seats = json!({ "workspace_id": child, "seats": 20 });
    desk.provision(&seats).await.unwrap();
    let seats = json!({ "workspace_id": parent.workspace_id, "seats": 20 });
    desk.provision(&seats).await.unwrap();
    assert_eq!(
        children(&parent.workspace_id).await,
        std::slice::from_ref(child)
    );

    set("OYA-2").await.unwrap();
    assert!(children(&parent.workspace_id).await.is_empty());
    assert_eq!(
        children(&other.workspace_id).await,
        std::slice::from_ref(child)
    );
    set("").await.unwrap();
    assert!(children(&other.workspace_id).await.is_empty());
    for none in ["NOBODY", "MIDORI"] {
        let refused = set(none).await.unwrap_err().to_string();
        assert!(refused.contains("no other workspace"), "{refused}");
    }
}
