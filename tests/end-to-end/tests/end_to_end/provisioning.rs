//! What operators change about a workspace and its first システム管理者, and what they make invalid.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Browser, Story, invitation_link, usual_workspace};
use serde_json::{Value, json};

/// Returns the answer of provision about the story's workspace.
async fn provision(story: &Story, mut event: Value) -> Value {
    event["workspace_id"] = json!(story.workspace_id);
    story.stack.invoke("provision", event).await.unwrap()
}

/// Returns whether the first システム管理者 signs in by employee code in the workspace of this company code.
async fn signs_in_at(browser: Browser, company_code: &str) -> bool {
    let credentials = json!({
        "company_code": company_code, "employee_code": "K-1", "password": ADMIN_PASSWORD,
    });
    let answer = browser.post("/api/v1/sign-in", credentials).await;
    answer.status.is_success()
}

#[tokio::test]
async fn a_company_code_that_was_changed_signs_in_and_the_former_one_is_free() {
    let admin = json!({ "system_administrator": {
        "name": "管理 花子", "email": ADMIN_EMAIL, "employee_code": "K-1", "password": ADMIN_PASSWORD,
    } });
    let story = Story::begin_with("company-code", admin).await;
    assert!(signs_in_at(story.browser(), "test").await);
    provision(&story, json!({ "company_code": "atarashii" })).await;
    assert!(signs_in_at(story.browser(), "atarashii").await);
    assert!(!signs_in_at(story.browser(), "test").await);
    let other = json!({ "system_administrator": {
        "name": "別 企業", "email": "betsu@example.com", "password": ADMIN_PASSWORD,
    } });
    let other = story.stack.invoke("provision", usual_workspace(&other));
    assert_ne!(other.await.unwrap()["workspace_id"], story.workspace_id);
}

#[tokio::test]
async fn an_admin_whose_address_was_mistyped_is_invited_at_the_right_one() {
    let mut story = Story::begin("mistyped-admin").await;
    story.new_mails().await;
    let mut links = Vec::new();
    for email in ["jiro@exmaple.jp", "jiro@example.jp"] {
        let admin = json!({ "name": "鈴木 次郎", "email": email, "employee_code": "K-2" });
        provision(&story, json!({ "system_administrator": admin })).await;
        let mails = story.new_mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, [email]);
        links.push(invitation_link(&mails[0]));
        // Nobody gets a second invitation within the hour.
        story.hours_pass(2).await;
    }
    let [mistyped, right] = &links[..] else {
        panic!("{links:?}")
    };
    assert!(story.accept(mistyped).await.status.is_client_error());
    story.accept(right).await.ok();
    let user = story.user("鈴木").await;
    assert_eq!(user["email"], "jiro@example.jp");
    let successor = json!({
        "role": "member", "people": [{ "name": "別 人", "email": "jiro@exmaple.jp" }],
    });
    let added = story.admin.post("/api/v1/users", successor).await.ok();
    assert_eq!(added.json()["refused"], json!([]), "the address is free");
}

#[tokio::test]
async fn a_password_reset_that_operators_void_everywhere_does_not_work_any_more() {
    let mut story = Story::begin("void").await;
    let browser = story.browser();
    let forgotten = browser.form("/forgot-password", &[("email", ADMIN_EMAIL)]);
    forgotten.await.ok();
    let mails = story.new_mails().await;
    let text = &mails.last().unwrap().text;
    let link = &text[text.find("http").unwrap()..];
    let link = link.split_whitespace().next().unwrap();
    browser.get(link).await.shows(&["パスワードの再設定"]);

    let void = json!({ "void_open_credentials": "all", "preview": false });
    let voided = story.stack.invoke("provision", void).await.unwrap();
    assert_eq!(voided["password_resets"], 1, "{voided}");
    let closed = browser.get(link).await;
    closed.shows(&["このリンクは使用できません"]);
}
