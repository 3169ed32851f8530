//! [セキュリティ] → 二段階認証, and [二段階認証を解除] on a user's page.

use domain::{Role, Workspace};
use jiff::SignedDuration;
use serde_json::json;
use testkit::advance;
use testkit::users::member;

use super::console::{Console, system_administrator};

async fn workspace(console: &Console) -> Workspace {
    let found = console.env.store.workspace(console.id()).await;
    found.unwrap().unwrap()
}

#[tokio::test]
async fn a_system_administrator_asks_for_second_factors_and_admins_without_one_are_told_until_when()
{
    let (console, boss) = system_administrator().await;
    let admin = console.browser(Role::Administrator).await;
    let path = "/settings/second-factor";
    assert_eq!(admin.form(path, &[("required", "yes")]).await.status, 403);
    admin
        .get("/users")
        .await
        .shows_no(&["二段階認証が必要です"]);
    let saved = boss.submit(path, &[("required", "yes")]).await;
    saved.shows(&["必須にしました", "checked"]);
    let since = workspace(&console).await.second_factor_required_since;
    assert_eq!(since, Some(testkit::now()));
    for browser in [&admin, &boss] {
        let users = browser.get("/users").await;
        users.shows(&["二段階認証が必要です", "href=\"/account\""]);
    }
    console.env.add_second_factor("administrator").await;
    admin
        .get("/users")
        .await
        .shows_no(&["二段階認証が必要です"]);

    // Whoever asks again does not give them more time.
    advance(SignedDuration::from_mins(1));
    let api = "/api/v1/second-factor-requirement";
    boss.put(api, json!({"required": true})).await.ok();
    assert_eq!(
        workspace(&console).await.second_factor_required_since,
        since
    );
    boss.put(api, json!({"required": false})).await.ok();
    assert_eq!(boss.get(api).await.ok().json()["required"], false);
    let trail = boss.get("/settings/audit-events").await;
    trail.shows(&["二段階認証の必須設定を保存"]);
}

#[tokio::test]
async fn another_system_administrator_removes_lost_second_factors_ends_sessions_and_it_is_mailed() {
    let (console, boss) = system_administrator().await;
    let admin = console.browser(Role::Administrator).await;
    let hanako = console.browser_of(member("hanako")).await;
    let none = "/api/v1/users/hanako/second-factors";
    assert_eq!(boss.delete(none).await.problem(), "no_second_factor");
    for id in ["hanako", "system_administrator"] {
        console.env.add_second_factor(id).await;
    }
    assert_eq!(admin.delete(none).await.status, 403);
    let own = "/api/v1/users/system_administrator/second-factors";
    assert_eq!(boss.delete(own).await.status, 403);
    boss.get("/users/hanako").await.shows(&["二段階認証を解除"]);
    let reset = boss.submit("/users/hanako/second-factors/reset", &[]).await;
    reset.shows(&["二段階認証を解除し"]);
    let user = console.env.user("hanako").await;
    let factors = console
        .env
        .store
        .second_factors(console.id(), &user.user_id);
    assert!(!factors.await.unwrap().any());
    assert_eq!(hanako.get("/api/v1/session").await.status, 401);
    while let Some(message) = console.env.next_mail() {
        console.env.deliver(&message).await.unwrap();
    }
    assert_eq!(
        console.env.mails_with("システム管理者が二段階認証を解除し"),
        1
    );
    let trail = boss.get("/settings/audit-events").await;
    trail.shows(&["二段階認証を解除"]);
}
