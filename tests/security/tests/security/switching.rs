//! A browser that is signed in to several workspaces, and switches between them.

use domain::{Credential, Role, UserId, WorkspaceId};
use security::{Browser, PASSWORD, Product};
use serde_json::json;

use super::related_companies::{BACK, Companies, OYA, is_out};

/// A person has accounts in several workspaces, and a browser in which they sign in to each.
async fn in_two_workspaces() -> Product {
    let companies = Companies::set_up().await;
    let product = companies.product;
    let user = product.env.user("usr_oya").await;
    assert_eq!(user.credential, Credential::Password);
    let child = WorkspaceId::new("ws_child");
    product.add_user_in(&child, "usr_oya", Role::Member).await;
    product
}

async fn sign_in_to(browser: &Browser<'_>, email: &str, company_code: &str) {
    let body = json!({"email": email, "company_code": company_code, "password": PASSWORD});
    browser.post("/api/v1/sign-in", body).await.ok();
}

async fn workspace_of(browser: &Browser<'_>) -> String {
    let session = browser.get("/api/v1/session").await.ok().json();
    session["workspace_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn somebody_who_signed_in_to_two_workspaces_switches_between_them_and_signs_out_of_both() {
    let product = in_two_workspaces().await;
    let browser = product.browser();
    sign_in_to(&browser, OYA, "test").await;
    let page = browser.get("/").await.ok();
    page.shows_no(&["/workspaces/"]);
    // Nobody switches to where they did not sign in.
    let to_child = "/workspaces/ws_child/switch";
    assert_eq!(browser.form(to_child, &[]).await.status, 404);
    sign_in_to(&browser, OYA, "child").await;
    assert_eq!(workspace_of(&browser).await, "ws_child");
    let page = browser.get("/").await.ok();
    page.shows(&["株式会社テスト</button>", &format!("action=\"{BACK}\"")]);
    assert_eq!(browser.get("/users").await.status, 403);

    let before = browser.clone();
    browser.form(BACK, &[]).await.ok();
    assert_eq!(workspace_of(&browser).await, "ws_test");
    browser.get("/users").await.ok();
    // The secrets of before are worth nothing any more.
    is_out(&before).await;
    browser.form(to_child, &[]).await.ok();
    assert_eq!(workspace_of(&browser).await, "ws_child");

    let signed_out = browser.clone();
    signed_out.post("/api/v1/sign-out", json!({})).await.ok();
    is_out(&browser).await;
}

#[tokio::test]
async fn a_workspace_whose_sign_in_ended_is_not_switched_to() {
    let product = in_two_workspaces().await;
    let browser = product.browser();
    sign_in_to(&browser, OYA, "test").await;
    sign_in_to(&browser, OYA, "child").await;
    let home = &product.env.workspace.workspace_id;
    let user_id = UserId::new("usr_oya");
    product
        .env
        .store
        .end_sessions(home, &user_id)
        .await
        .unwrap();
    let refused = browser.form(BACK, &[]).await;
    assert_eq!(refused.status, 409);
    refused.shows(&["ログインは終了しています"]);
    assert_eq!(workspace_of(&browser).await, "ws_child");
}

#[tokio::test]
async fn who_signs_in_after_somebody_else_keeps_nothing_of_theirs() {
    let product = in_two_workspaces().await;
    let browser = product.browser();
    sign_in_to(&browser, OYA, "test").await;
    sign_in_to(&browser, "usr-boss@example.jp", "child").await;
    browser.get("/").await.ok().shows_no(&["/workspaces/"]);
    assert_eq!(browser.form(BACK, &[]).await.status, 404);

    // Nor does who did not give the second factor.
    product.env.add_second_factor("usr_oya").await;
    let browser = product.browser();
    sign_in_to(&browser, OYA, "test").await;
    sign_in_to(&browser, OYA, "child").await;
    assert_eq!(browser.form(BACK, &[]).await.status, 404);
    assert_eq!(workspace_of(&browser).await, "ws_child");
}
