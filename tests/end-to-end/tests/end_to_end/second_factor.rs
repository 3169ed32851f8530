//! 二段階認証: of somebody who enters from the parent company, removed by its user and by an operator.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, AuthenticatorApp, Story, sign_in};
use serde_json::json;

const PARENT_EMAIL: &str = "oya@example.jp";

/// Somebody of the parent company may enter as 管理者, for which the workspace asks a second factor.
async fn with_a_parent_company(name: &str) -> Story {
    let story = Story::begin(name).await;
    let parent = json!({
        "name": "みどりホールディングス", "company_code": "MIDORI-HD", "seats": 10,
        "system_administrator": {
            "name": "親 会社", "email": PARENT_EMAIL, "password": ADMIN_PASSWORD,
        },
    });
    story.stack.invoke("provision", parent).await.unwrap();
    let contract = json!({
        "workspace_id": story.workspace_id, "parent_company_code": "MIDORI-HD",
    });
    story.stack.invoke("provision", contract).await.unwrap();
    let user = json!({ "email": PARENT_EMAIL, "role": "administrator" });
    let users = story
        .admin
        .put("/api/v1/related-company-users", json!({ "users": [user] }));
    users.await.ok();
    story
}

#[tokio::test]
async fn an_admin_from_the_parent_company_connects_smarthr_with_a_second_factor_and_removes_it() {
    let mut story = with_a_parent_company("second-factor-of-parent").await;
    let now = story.stack.clock().now();
    AuthenticatorApp::set_up(&story.admin, now).await;
    let required = json!({ "required": true });
    let address = "/api/v1/second-factor-requirement";
    story.admin.put(address, required).await.ok();

    let oya = story.browser();
    sign_in(&oya, PARENT_EMAIL, ADMIN_PASSWORD).await.ok();
    let app = AuthenticatorApp::set_up(&oya, now).await;
    let later = story.stack.clock().now() + std::time::Duration::from_secs(30);
    let signs_in_again = sign_in(&oya, PARENT_EMAIL, ADMIN_PASSWORD).await.ok();
    assert_eq!(signs_in_again.json()["second_factor_required"], true);
    let code = json!({ "code": app.code_at(later) });
    oya.post("/api/v1/second-factor", code).await.ok();
    let enter = format!("/related-companies/{}/enter", story.workspace_id);
    oya.submit(&enter, &[]).await.shows(&["株式会社テスト"]);
    let of_admin = std::mem::replace(&mut story.admin, oya);
    let page = story.connect().await.ok();
    page.shows(&["SmartHRとの連携が完了しました。"]);
    let oya = std::mem::replace(&mut story.admin, of_admin);
    assert_eq!(story.connection().await["state"], "linked");

    let minute = std::time::Duration::from_mins(1);
    story.stack.clock().advance(minute).unwrap();
    let later = story.stack.clock().now();
    sign_in(&oya, PARENT_EMAIL, ADMIN_PASSWORD).await.ok();
    let code = json!({ "code": app.code_at(later) });
    oya.post("/api/v1/second-factor", code).await.ok();
    story.stack.clock().advance(minute).unwrap();
    let code = app.code_at(story.stack.clock().now());
    let fields = [("code", code.as_str())];
    let removed = oya.submit("/account/second-factor/remove", &fields);
    removed.await.shows(&["認証アプリを削除しました。"]);
    let signed_in = sign_in(&story.browser(), PARENT_EMAIL, ADMIN_PASSWORD).await;
    assert_eq!(signed_in.ok().json()["second_factor_required"], false);
}

#[tokio::test]
async fn an_operators_new_link_removes_the_second_factor_of_an_admin_who_lost_it() {
    let mut story = Story::begin("second-factor-lost").await;
    AuthenticatorApp::set_up(&story.admin, story.stack.clock().now()).await;
    story.new_mails().await;
    let workspace = &story.workspace_id;
    let new_link = json!({ "new_link": { "workspace": workspace, "email": ADMIN_EMAIL } });
    story.stack.invoke("provision", new_link).await.unwrap();
    let mails = story.new_mails().await;
    let link = mails
        .iter()
        .find(|mail| mail.text.contains("/invitations/"));
    story
        .accept(&end_to_end::invitation_link(link.unwrap()))
        .await
        .ok();
    let signed_in = sign_in(&story.browser(), ADMIN_EMAIL, end_to_end::PASSWORD).await;
    assert_eq!(signed_in.ok().json()["second_factor_required"], false);
}
