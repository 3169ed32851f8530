//! A parent company and its 関連企業.

use serde_json::json;
use storage::audit::AuditFilter;

use super::desk::{Desk, by_invitation, event, with_password};

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
