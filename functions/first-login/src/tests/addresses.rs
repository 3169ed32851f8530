//! Signing in with an address that several workspaces know.

use domain::{Credential, EmailAddress, Status, User, UserId};
use http_client::StatusCode;
use serde_json::json;
use testkit::users::member;

use super::site::{HANAKO, PASSWORD, Site, sign_in};

const OTHER_PASSWORD: &str = "oyogu-sakana-77";

fn invited(user: &User) -> User {
    User {
        status: Status::Invited,
        credential: Credential::None,
        ..user.clone()
    }
}

#[tokio::test]
async fn an_invitation_by_another_company_keeps_nobody_out() {
    let site = Site::new().await;
    let user = site.user("usr_hanako", Some(HANAKO), None).await;
    for company in ["AOZORA", "BUDOU", "CHIDORI"] {
        let invited = invited(&user);
        site.in_another_workspace(company, invited, OTHER_PASSWORD, None)
            .await;
    }
    site.sign_in(HANAKO, PASSWORD).await.ok();
    let answer = site.sign_in(HANAKO, OTHER_PASSWORD).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_address_in_two_workspaces_is_let_into_the_one_whose_password_it_is() {
    let site = Site::new().await;
    let user = site.user("usr_hanako", Some(HANAKO), None).await;
    site.in_another_workspace("AOZORA", user, OTHER_PASSWORD, Some(HANAKO))
        .await;
    for (password, company) in [(PASSWORD, "MIDORI"), (OTHER_PASSWORD, "AOZORA")] {
        let browser = site.browser();
        sign_in(&browser, HANAKO, password).await.ok();
        browser
            .get("/welcome")
            .await
            .shows(&[&format!("企業コード: {company}")]);
    }
}

#[tokio::test]
async fn an_address_with_one_password_in_two_workspaces_needs_the_company_code() {
    let site = Site::new().await;
    let user = site.user("usr_hanako", Some(HANAKO), None).await;
    site.in_another_workspace("AOZORA", user, PASSWORD, Some(HANAKO))
        .await;
    let without = site.sign_in(HANAKO, PASSWORD).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED);
    assert!(without.text.contains("企業コードも入力してください"));
    let body = json!({"email": HANAKO, "company_code": "aozora", "password": PASSWORD});
    site.browser().post("/api/v1/sign-in", body).await.ok();
}

#[tokio::test]
async fn a_company_code_that_nobody_has_does_not_keep_an_address_out() {
    let site = Site::with_hanako().await;
    let sign_in = async |company: &str, password: &str| {
        let body = json!({"email": HANAKO, "company_code": company, "password": password});
        site.browser().post("/api/v1/sign-in", body).await
    };
    sign_in("みどり商事株式会社", PASSWORD).await.ok();
    let wrong = sign_in("みどり商事株式会社", "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let other = site.user("usr_other", Some("other@example.jp"), None).await;
    site.in_another_workspace("AOZORA", other, OTHER_PASSWORD, None)
        .await;
    let elsewhere = sign_in("AOZORA", PASSWORD).await;
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED);
}

/// The other companies' admins gave users of theirs her address, and even know her password.
#[tokio::test]
async fn users_whose_address_was_never_proven_do_not_break_the_account_that_it_is_of() {
    let site = Site::new().await;
    let user = site.user("usr_hanako", Some(HANAKO), None).await;
    for company in ["AOZORA", "BUDOU", "CHIDORI"] {
        site.in_another_workspace(company, user.clone(), PASSWORD, None)
            .await;
    }
    let browser = site.signed_in().await;
    browser.get("/welcome").await.shows(&["企業コード: MIDORI"]);
}

#[tokio::test]
async fn an_admin_who_gives_a_user_somebodys_address_does_not_learn_whether_it_has_accounts() {
    let site = Site::with_hanako().await;
    for (company, address) in [("AOZORA", HANAKO), ("BUDOU", "nobody@example.com")] {
        let user = User {
            email: EmailAddress::parse(address),
            ..member("usr_theirs")
        };
        site.in_another_workspace(company, user, OTHER_PASSWORD, None)
            .await;
        let browser = site.browser();
        sign_in(&browser, address, OTHER_PASSWORD).await.ok();
        let company = format!("企業コード: {company}");
        browser.get("/welcome").await.shows(&[&company]);
    }
}

/// Otherwise an admin who gives a user of theirs somebody's address could guess without end.
#[tokio::test]
async fn a_sign_in_at_an_unproven_address_forgives_no_guesses() {
    let site = Site::new().await;
    let user = site.user("usr_hanako", Some(HANAKO), None).await;
    site.in_another_workspace("AOZORA", user, OTHER_PASSWORD, None)
        .await;
    for _ in 0..4 {
        let guess = site.sign_in(HANAKO, "wrong").await;
        assert_eq!(guess.status, StatusCode::UNAUTHORIZED);
    }
    site.sign_in(HANAKO, OTHER_PASSWORD).await.ok();
    site.sign_in(HANAKO, "wrong").await;
    let refused = site.sign_in(HANAKO, "wrong").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn opening_the_link_at_an_address_proves_it_until_an_initial_password_is_issued() {
    let site = Site::new().await;
    let path = site.invited(HANAKO).await;
    let fields = [("password", PASSWORD), ("password_confirmation", PASSWORD)];
    assert_eq!(site.form(&path, &fields).await.location(), "/welcome");
    let id = &site.env.workspace.workspace_id;
    let proven = async || {
        let user_id = UserId::new("usr_invited");
        let found = site.env.store.user_with_hashes(id, &user_id).await.unwrap();
        found.unwrap().1.proven_email
    };
    assert_eq!(proven().await.unwrap().as_str(), HANAKO);

    let before = site.env.user("usr_invited").await;
    site.issue_initial_password(before).await;
    assert!(proven().await.is_none());
}
