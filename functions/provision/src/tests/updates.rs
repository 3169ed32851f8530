//! A changed contract of a workspace that exists.

use domain::{AuditAction, AuditEvent, OidcProvider, Role, SingleSignOn};
use serde_json::json;
use storage::StoreError;

use super::desk::{Desk, event, with_password};

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
async fn an_address_of_somebody_who_is_no_administrator_is_refused() {
    let desk = Desk::open().await;
    let mut event = event(&with_password());
    let (first, _) = desk.provision(&event).await.unwrap();
    desk.change_administrator(&first, |user| user.role = Role::Member)
        .await;
    event["workspace_id"] = json!(first.workspace_id);
    let error = desk.provision(&event).await.unwrap_err();
    assert!(error.to_string().contains("not a system administrator"));
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
    // Somebody who read the workspace before does not write over what was saved since.
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
