//! A new workspace and its first システム管理者.

use credentials::{CredentialSeed, PasswordHash, TokenHash};
use domain::{Credential, MailKind, Role, Status};
use jiff::SignedDuration;
use serde_json::json;

use super::desk::{Desk, by_invitation, event, with_password};
use crate::workspace::{EDITORS, VIEWERS};

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
async fn the_sample_event_is_accepted() {
    let desk = Desk::open().await;
    let sample = include_str!("../../../../events/provision.json");
    let sample = serde_json::from_str(sample).unwrap();
    let (_, mails) = desk.provision(&sample).await.unwrap();
    assert_eq!(mails.len(), 1);
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
