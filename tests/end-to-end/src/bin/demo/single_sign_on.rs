//! An identity provider to sign in at, and an admin who does.

use end_to_end::{ADMIN_PASSWORD, Story};
use identity_provider::IdentityProvider;
use serde_json::json;

/// The e-mail address of the システム管理者 whose 認証方法 is SSO.
pub(crate) const EMAIL: &str = "sso@aozora-shoji.example";

/// Sets SSO up with the connection test, and adds a second システム管理者 whose 認証方法 is SSO. Returns the identity
/// provider, which answers until it is dropped.
pub(crate) async fn set_up(story: &mut Story, admin_email: &str) -> IdentityProvider {
    let provider = story.set_up_sso(admin_email).await;
    let second = json!({
        "workspace_id": story.workspace_id, "name": "株式会社あおぞら商事", "company_code": "AOZORA",
        "seats": 200, "allowed_domains": ["aozora-shoji.example"],
        "system_administrator": {
            "name": "鷲尾 桜", "email": EMAIL, "password": ADMIN_PASSWORD,
        },
    });
    story.stack.invoke("provision", second).await.unwrap();
    let found = story
        .admin
        .get(&format!("/api/v1/users?q={EMAIL}"))
        .await
        .ok();
    let found = found.json();
    let id = found["users"][0]["id"].as_str().unwrap();
    let address = format!("/api/v1/users/{id}");
    let by_sso = json!({ "login_method": "sso" });
    story.admin.patch(&address, by_sso).await.ok();
    provider
}
