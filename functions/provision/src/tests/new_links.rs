//! A システム管理者 who needs a new link to come in.

use domain::{AuditAction, KeyId, LoginMethod};
use serde_json::{Value, json};
use storage::audit::AuditFilter;
use storage::second_factors::{SecondFactorChange, Totp};
use storage::transaction::Commit;

use super::desk::{Desk, by_invitation, event, with_password};

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
async fn an_administrator_who_signs_in_by_sso_or_forgot_the_password_is_mailed_a_new_link() {
    let desk = Desk::open().await;
    let (first, _) = desk.provision(&event(&with_password())).await.unwrap();
    desk.change_administrator(&first, |user| {
        user.login_method = LoginMethod::Sso;
        user.admit_by_sso();
    })
    .await;
    let store = &desk.provisioner.store;
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

    let sample = include_str!("../../../../events/provision-new-link.json");
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
