//! Who is let in, and what the others read.

use domain::{AuditAction, AuditEvent, EmailAddress, LoginMethod, Status};
use identity_provider::Signature;
use serde_json::json;
use storage::transaction::UserWrite;
use testkit::users;

use super::{Company, TAKAHASHI};

#[tokio::test]
async fn who_was_registered_for_sso_signs_in_at_the_companys_provider() {
    let company = Company::new().await;
    assert_eq!(company.env.last_sign_in("takahashi").await, None);
    let answer = company.sign_in(TAKAHASHI).await;
    assert_eq!(answer.location(), "/");
    let last = company.env.last_sign_in("takahashi").await;
    assert_eq!(last, Some(testkit::now()));
    assert!(answer.cookie().starts_with("__Host-session="));
    assert_eq!(
        company.sign_in("Takahashi@Example.JP").await.location(),
        "/"
    );

    company.provider.change_tokens(|token| {
        token.header["kid"] = json!("ec");
        token.sign_as("ES256", Signature::Ec);
    });
    assert_eq!(company.sign_in(TAKAHASHI).await.location(), "/");

    // Many providers name the address at the userinfo endpoint only, or do not say whether it is verified.
    company.provider.change_tokens(|token| {
        token.claims.as_object_mut().unwrap().remove("email");
    });
    assert_eq!(company.sign_in(TAKAHASHI).await.location(), "/");
    company.provider.change_tokens(|token| {
        token
            .claims
            .as_object_mut()
            .unwrap()
            .remove("email_verified");
    });
    assert_eq!(company.sign_in(TAKAHASHI).await.location(), "/");
}

#[tokio::test]
async fn everybody_else_reads_why_and_is_not_registered() {
    let company = Company::new().await;
    let env = &company.env;
    env.add_user(users::member("usr_password")).await;
    env.add_user(users::invited("usr_invited")).await;
    let retired = env.add_user(users::member("usr_retired")).await;
    env.write(UserWrite::Delete { before: retired })
        .await
        .unwrap();
    let before = env.users().await;
    for (email, text) in [
        (
            "nobody@example.jp",
            "KiteRaのユーザーとして登録されていません",
        ),
        ("usr-retired@example.jp", "退職などにより削除されています"),
        ("usr-password@example.jp", "認証方法はパスワードです"),
        ("usr-invited@example.jp", "登録がまだ完了していません"),
    ] {
        let page = company.sign_in(email).await;
        assert_eq!(page.status, 403, "{email}");
        assert_eq!(page.cookie(), "");
        page.shows(&[text, "SSOでログインできませんでした", "href=\"/sign-in\""]);
    }
    assert_eq!(env.users().await, before);
}

#[tokio::test]
async fn who_moved_to_another_way_in_or_address_is_out_at_once() {
    let company = Company::new().await;
    company
        .env
        .change_user("takahashi", |user| {
            user.email = EmailAddress::parse("t@example.jp");
        })
        .await;
    company
        .sign_in(TAKAHASHI)
        .await
        .shows(&["登録されていません"]);
    assert_eq!(company.sign_in("t@example.jp").await.location(), "/");
    company
        .env
        .change_user("takahashi", |user| {
            user.login_method = LoginMethod::Password;
        })
        .await;
    company
        .sign_in("t@example.jp")
        .await
        .shows(&["認証方法はパスワードです"]);
    company
        .env
        .change_user("takahashi", |user| user.status = Status::Invited)
        .await;
    company
        .sign_in("t@example.jp")
        .await
        .shows(&["登録がまだ完了していません"]);
}

#[tokio::test]
async fn an_address_finds_the_company_by_its_domain_whether_or_not_there_is_such_a_user() {
    let company = Company::new().await;
    let account = |account| {
        let browser = company.browser();
        async move { browser.form("/sso", &[("account", account)]).await }
    };
    assert_eq!(
        account(TAKAHASHI).await.status,
        404,
        "no domain is the company's"
    );
    let mut workspace = company.env.stored_workspace().await;
    workspace.allowed_domains = vec!["example.jp".into()];
    company
        .env
        .store
        .put_workspace(&workspace, &[])
        .await
        .unwrap();
    for email in [TAKAHASHI, "nobody@example.jp"] {
        account(email)
            .await
            .shows(&["所属企業のログイン画面に移動します"]);
    }
    account("test")
        .await
        .shows(&["所属企業のログイン画面に移動します"]);
    for unknown in ["takahashi@example.com", "unknown", "", "<script>"] {
        assert_eq!(account(unknown).await.status, 404, "{unknown}");
    }
    // Anybody can claim a domain: where only an admin did, it leads nobody to their provider.
    let workspace = company.env.stored_workspace().await;
    let domains = vec!["example.jp".into(), "another-company.example".into()];
    let claimed = workspace.clone().with_domains_of_admin(domains);
    let event = AuditEvent::by_operator(
        "req".into(),
        AuditAction::AllowedDomainsSaved,
        testkit::now(),
    );
    let store = &company.env.store;
    let changed = store.change_workspace(&workspace, &claimed, &event);
    changed.await.unwrap();
    let theirs = account("somebody@another-company.example").await;
    assert_eq!(theirs.status, 404);
    account(TAKAHASHI)
        .await
        .shows(&["所属企業のログイン画面に移動します"]);
    // What is not configured any more is not found any more.
    let workspace = company.env.stored_workspace().await;
    store
        .put_single_sign_on(&workspace, None, &[])
        .await
        .unwrap();
    assert_eq!(account(TAKAHASHI).await.status, 404);
    assert_eq!(account("test").await.status, 404);
}
