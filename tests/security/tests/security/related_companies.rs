//! 関連企業: people of a parent company who enter the workspace of its child. `ws_test` is the parent company's.

use domain::{CredentialHashChanges, EmailAddress, Role, User, UserId, Workspace, WorkspaceId};
use jiff::SignedDuration;
use security::{Browser, PASSWORD, Product};
use serde_json::json;
use storage::transaction::UserWrite;
use testkit::TestEnv;

const MANAGE: &str = "/settings/related-companies";
const REMOVE: &str = "/settings/related-companies/remove";
const ENTER: &str = "/related-companies/ws_child/enter";
pub(super) const BACK: &str = "/workspaces/ws_test/switch";
pub(super) const OYA: &str = "usr-oya@example.jp";

/// A parent company with one person, and its child with a システム管理者.
pub(super) struct Companies {
    pub(super) product: Product,
}

impl Companies {
    pub(super) async fn set_up() -> Self {
        let env = TestEnv::new(20, None).await;
        let child = Workspace {
            workspace_id: WorkspaceId::new("ws_child"),
            name: "みどり物産".into(),
            company_code: "child".into(),
            single_sign_on: None,
            parent_workspace_id: Some(env.workspace.workspace_id.clone()),
            ..env.workspace.clone()
        };
        env.store.put_workspace(&child, &[]).await.unwrap();
        let product = Product::of(env);
        product.add_user("usr_oya", Role::SystemAdministrator).await;
        let boss = (&child.workspace_id, "usr_boss", Role::SystemAdministrator);
        product.add_user_in(boss.0, boss.1, boss.2).await;
        Self { product }
    }

    async fn boss(&self) -> Browser<'_> {
        self.product.sign_in("usr-boss@example.jp").await
    }

    async fn oya(&self) -> Browser<'_> {
        self.product.sign_in(OYA).await
    }

    /// Lets somebody in, as the child's システム管理者 does by hand.
    async fn list(&self, email: &str, role: &str) {
        let fields = [("email", email), ("role", role)];
        let listed = self.boss().await.submit(MANAGE, &fields).await;
        listed.shows(&["ユーザーを追加しました", email]);
    }

    /// Returns a browser in which the person of the parent company has entered the child.
    async fn entered(&self, role: &str) -> Browser<'_> {
        self.list(OYA, role).await;
        let oya = self.oya().await;
        assert_eq!(oya.form(ENTER, &[]).await.location(), "/");
        oya.get("/").await.shows(&["みどり物産"]);
        oya
    }

    async fn child(&self) -> Workspace {
        let id = WorkspaceId::new("ws_child");
        self.product
            .env
            .store
            .workspace(&id)
            .await
            .unwrap()
            .unwrap()
    }
}

/// Asserts that somebody who had entered is signed out of the child, and of everything.
pub(super) async fn is_out(browser: &Browser<'_>) {
    assert_eq!(browser.get("/").await.location(), "/sign-in?return_to=%2F");
    let answer = browser.get("/api/v1/users").await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn somebody_of_the_parent_company_enters_acts_by_name_and_is_out_once_they_are_removed() {
    let companies = Companies::set_up().await;
    let boss = companies.boss().await;
    let page = boss.get(MANAGE).await.ok();
    page.shows(&[
        "株式会社テスト(企業コード: test)",
        "アクセス可能なユーザーはいません。",
    ]);
    let fields = [("email", "USR-oya@example.jp"), ("role", "administrator")];
    let listed = boss.submit(MANAGE, &fields).await;
    listed.shows(&[
        "ユーザーを追加しました",
        "USR-oya@example.jp",
        "管理者",
        "ユーザーを削除",
    ]);

    let oya = companies.oya().await;
    oya.get("/").await.shows(&["href=\"/related-companies\""]);
    let shown = oya.get("/related-companies").await.ok();
    shown.shows(&["みどり物産", "管理者", &format!("action=\"{ENTER}\"")]);
    assert_eq!(oya.form(ENTER, &[]).await.location(), "/");
    let home = oya.get("/").await.ok();
    home.shows(&[
        "みどり物産",
        "利用者 usr_oya",
        "管理者、株式会社テストからアクセス中",
    ]);
    let session = oya.get("/api/v1/session").await.ok().json();
    assert_eq!(session["workspace_id"], "ws_child");
    assert_eq!(session["role"], "administrator");
    let created = oya
        .post("/api/v1/groups", json!({"name": "親会社の監査"}))
        .await;
    assert_eq!(created.status, 201);

    // They use no seat, and are no users of the child.
    let store = &companies.product.env.store;
    let seats = store.seats_and_lease(&WorkspaceId::new("ws_child")).await;
    assert_eq!(seats.unwrap().users, 1);
    let users = boss.get("/api/v1/users").await.ok();
    assert!(!users.text.contains("usr_oya"), "{}", users.text);
    let trail = boss.get("/settings/audit-events").await.ok();
    trail.shows(&["(親会社)", "親会社からアクセス", "グループを作成"]);
    let events = boss.get("/api/v1/audit-events?person=usr_oya").await.json();
    let events = events["events"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    for event in events {
        assert_eq!(event["by_user_of_parent"], true);
        assert!(event["by_name"].as_str().unwrap().ends_with("(親会社)"));
    }

    let removed = boss.submit(REMOVE, &[("email", OYA)]).await;
    removed.shows(&[
        "ユーザーを削除しました",
        "アクセス可能なユーザーはいません。",
    ]);
    is_out(&oya).await;
    let oya = companies.oya().await;
    let none = oya.get("/related-companies").await.ok();
    none.shows(&["アクセスできるワークスペースはありません。"]);
    assert_eq!(oya.form(ENTER, &[]).await.status, 404);
}

#[tokio::test]
async fn who_is_not_listed_or_not_of_the_parent_company_does_not_enter_and_learns_nothing() {
    let companies = Companies::set_up().await;
    companies.list(OYA, "member").await;
    let product = &companies.product;
    let other = product
        .sign_in_new("other", Role::SystemAdministrator)
        .await;
    let stranger = Workspace {
        workspace_id: WorkspaceId::new("ws_stranger"),
        company_code: "stranger".into(),
        child_workspace_ids: vec![WorkspaceId::new("ws_child")],
        ..product.env.workspace.clone()
    };
    product
        .env
        .store
        .put_workspace(&stranger, &[])
        .await
        .unwrap();
    // Somebody whose own admin gave them the listed address, and even calls the workspace a child.
    let id = UserId::new("usr_false");
    let user = product
        .add_user_in(&stranger.workspace_id, id.as_str(), Role::Member)
        .await;
    let browser = product.sign_in("usr-false@example.jp").await;
    let write = UserWrite::Change {
        before: user.clone(),
        after: User {
            email: EmailAddress::parse(OYA),
            version: user.version + 1,
            ..user
        },
        hashes: CredentialHashChanges::default(),
    };
    product
        .env
        .write_in(&stranger.workspace_id, write)
        .await
        .unwrap();
    // The child's own people do not enter it in this way either.
    for browser in [&other, &browser, &companies.boss().await] {
        let page = browser.get("/related-companies").await.ok();
        page.shows(&["アクセスできるワークスペースはありません。"]);
        page.shows_no(&["みどり物産</td>"]);
        let refused = browser.form(ENTER, &[]).await;
        let unknown = browser.form("/related-companies/ws_none/enter", &[]).await;
        assert_eq!(
            (refused.status, unknown.status),
            (404.try_into().unwrap(), refused.status)
        );
        let home = browser.get("/").await.ok();
        home.shows_no(&["からアクセス中"]);
    }
    let trail = companies.boss().await.get("/settings/audit-events").await;
    trail.shows_no(&["<td data-column=\"操作\">親会社からアクセス"]);
}

#[tokio::test]
async fn the_list_does_not_tell_who_has_an_account_at_the_parent_company() {
    let companies = Companies::set_up().await;
    let boss = companies.boss().await;
    let mut answers = Vec::new();
    for email in [OYA, "nobody@example.jp"] {
        let users = json!({"users": [{"email": email, "role": "member"}]});
        let saved = boss.put("/api/v1/related-company-users", users).await.ok();
        let page = boss.get(MANAGE).await.ok();
        let listed = boss.get("/api/v1/related-company-users").await.ok();
        let all = format!("{}{}{}", saved.text, page.text, listed.text);
        answers.push(all.replace(email, "ADDRESS"));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn the_entry_ends_with_the_account_at_the_parent_company_its_session_and_the_contract() {
    let companies = Companies::set_up().await;
    let env = &companies.product.env;
    let home = &env.workspace.workspace_id;

    let browser = companies.entered("administrator").await;
    let elsewhere = browser.clone();
    elsewhere.post("/api/v1/sign-out", json!({})).await.ok();
    is_out(&browser).await;

    let browser = companies.entered("administrator").await;
    let user_id = UserId::new("usr_oya");
    env.store.end_sessions(home, &user_id).await.unwrap();
    is_out(&browser).await;

    let browser = companies.entered("administrator").await;
    testkit::advance(SignedDuration::from_mins(121));
    is_out(&browser).await;

    let browser = companies.entered("administrator").await;
    let mut child = companies.child().await;
    let parent = child.parent_workspace_id.take();
    env.store.put_workspace(&child, &[]).await.unwrap();
    is_out(&browser).await;
    assert_eq!(companies.oya().await.form(ENTER, &[]).await.status, 404);
    child.parent_workspace_id = parent;
    env.store.put_workspace(&child, &[]).await.unwrap();

    let browser = companies.entered("administrator").await;
    env.change_user("usr_oya", |user| {
        user.email = EmailAddress::parse("new@example.jp");
    })
    .await;
    is_out(&browser).await;
    env.change_user("usr_oya", |user| user.email = EmailAddress::parse(OYA))
        .await;

    let browser = companies.entered("administrator").await;
    let before = env.user("usr_oya").await;
    env.write(UserWrite::Delete { before }).await.unwrap();
    is_out(&browser).await;
}

#[tokio::test]
async fn who_entered_has_the_role_of_the_list_and_sees_nothing_of_the_parent_company() {
    let companies = Companies::set_up().await;
    let hidden = companies.product.add_user("usr_hidden", Role::Member).await;
    let browser = companies.entered("administrator").await;
    for path in [
        "/api/v1/users/usr_hidden",
        "/api/v1/users/usr_oya",
        "/users/usr_hidden",
    ] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let users = browser.get("/users").await.ok();
    users.shows_no(&["usr_hidden", &hidden.name]);
    // The parent company's システム管理者 is a 管理者 here.
    assert_eq!(browser.get("/settings/audit-events").await.status, 403);
    let listed = json!({"users": []});
    let refused = browser.put("/api/v1/related-company-users", listed).await;
    assert_eq!(refused.status, 403);
    // Their account is the parent company's, and its secrets are not touched from here.
    let account = browser.get("/account").await;
    assert_eq!(account.status, 403);
    account.shows(&["親会社のワークスペースに切り替えて"]);
    let passwords = json!({"current_password": PASSWORD, "new_password": "aoi-sora-to-umi"});
    let refused = browser.post("/api/v1/password", passwords).await;
    refused.is_refused(403, "entered_from_parent");
    for path in [
        "/account/password",
        "/account/sessions/end-others",
        "/account/second-factor",
        "/account/passkeys",
        "/account/passkeys/options",
    ] {
        let refused = browser.form(path, &[]).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(
            refused.text.contains("親会社からアクセスしているため"),
            "{path}"
        );
    }
    // Nor do they enter further.
    assert_eq!(browser.form(ENTER, &[]).await.status, 404);

    companies.list(OYA, "member").await;
    assert_eq!(browser.get("/users").await.status, 403);
    assert_eq!(browser.get("/").await.status, 200);
}

#[tokio::test]
async fn they_confirm_with_their_own_password_and_go_back_to_the_parent_company_by_a_click() {
    let companies = Companies::set_up().await;
    let browser = companies.entered("administrator").await;
    testkit::advance(SignedDuration::from_mins(11));
    // To enter again is no proof of who somebody is.
    let person = json!({"people": [{"email": "new@example.jp"}], "role": "member"});
    let refused = browser.post("/api/v1/users", person.clone()).await;
    refused.is_refused(403, "confirmation_required");
    browser
        .get("/account/confirm")
        .await
        .ok()
        .shows(&["株式会社テスト"]);
    let wrong = browser.confirm("wrong").await;
    assert_eq!(wrong.status, 403);
    browser.confirm(PASSWORD).await.ok();
    let session = browser.get("/api/v1/session").await.json();
    assert_eq!(session["workspace_id"], "ws_child");
    let added = browser.post("/api/v1/users", person).await;
    assert!(added.status.is_success(), "{}", added.text);

    browser
        .get("/")
        .await
        .shows(&[&format!("action=\"{BACK}\"")]);
    let old_form = browser.session().csrf;
    assert_eq!(browser.form(BACK, &[]).await.location(), "/");
    let session = browser.get("/api/v1/session").await.json();
    assert_eq!(
        (&session["workspace_id"], &session["role"]),
        (&json!("ws_test"), &json!("system_administrator"))
    );
    // A form of the page that was left does nothing here.
    let group = testkit::http::Request::post("/settings/groups").form(&[("name", "誤り")]);
    let refused = browser.send_without_csrf(group.csrf(&old_form)).await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn where_admins_need_a_second_factor_those_of_the_parent_company_have_to_have_given_one() {
    let companies = Companies::set_up().await;
    let store = &companies.product.env.store;
    companies.list(OYA, "administrator").await;
    let oya = companies.oya().await;
    let mut child = companies.child().await;
    child.second_factor_required_since = Some(testkit::now());
    store.put_workspace(&child, &[]).await.unwrap();
    oya.get("/related-companies")
        .await
        .ok()
        .shows(&["二段階認証が必要です"]);
    let refused = oya.form(ENTER, &[]).await;
    assert_eq!(refused.status, 403);
    refused.shows(&["二段階認証を設定し、ログインし直して"]);

    testkit::advance(SignedDuration::from_mins(1));
    let factor = companies.product.env.add_second_factor("usr_oya").await;
    // A session that began with the password alone is not enough.
    assert_eq!(oya.form(ENTER, &[]).await.status, 403);
    let oya = companies.oya().await;
    let code = json!({"code": factor.recovery_codes[0]});
    oya.post("/api/v1/second-factor", code).await.ok();
    oya.get("/").await.ok();
    assert_eq!(oya.form(ENTER, &[]).await.location(), "/");
    oya.get("/users").await.ok();
    // A メンバー needs none, there as here.
    companies.list(OYA, "member").await;
    oya.get("/").await.ok().shows(&["メンバー"]);
}

#[tokio::test]
async fn a_child_without_a_parent_company_lists_nobody_new_and_keeps_what_an_operator_listed() {
    let companies = Companies::set_up().await;
    companies.list(OYA, "member").await;
    let mut child = companies.child().await;
    child.parent_workspace_id = None;
    companies
        .product
        .env
        .store
        .put_workspace(&child, &[])
        .await
        .unwrap();
    let boss = companies.boss().await;
    let page = boss.get(MANAGE).await.ok();
    page.shows(&["設定されていません", OYA]);
    let fields = [("email", "a@example.jp"), ("role", "member")];
    let refused = boss.form(MANAGE, &fields).await;
    assert_eq!(refused.status, 409);
    refused.shows(&["サポートにお問い合わせください"]);
    for email in ["", "oya", "oya@"] {
        let refused = boss
            .form(MANAGE, &[("email", email), ("role", "member")])
            .await;
        assert_eq!(refused.status, 400, "{email}");
        let body = json!({"users": [{"email": email, "role": "member"}]});
        let refused = boss.put("/api/v1/related-company-users", body).await;
        refused.is_refused(400, "invalid_email");
    }
    let removed = boss.submit(REMOVE, &[("email", OYA)]).await;
    removed.shows(&["アクセス可能なユーザーはいません。"]);
}

/// The manual's last sentence:
/// 「退職しワークスペースから削除された場合でも、親会社のユーザーを「関連企業ワークスペースにアクセス可能なユーザー」に
/// 設定している場合は、親会社経由でアクセスできます。」
#[tokio::test]
async fn a_leaver_who_is_listed_enters_until_the_page_that_the_warning_leads_to_removes_them() {
    let mut env = TestEnv::new(20, None).await;
    let parent = Workspace {
        workspace_id: WorkspaceId::new("ws_parent"),
        name: "みどりホールディングス".into(),
        company_code: "parent".into(),
        single_sign_on: None,
        ..env.workspace.clone()
    };
    env.store.put_workspace(&parent, &[]).await.unwrap();
    env.workspace.parent_workspace_id = Some(parent.workspace_id.clone());
    env.store.put_workspace(&env.workspace, &[]).await.unwrap();
    let mut crew = testkit::person(1);
    crew["email"] = json!("usr-leaver@example.jp");
    env.set_crews(&[crew.clone()]).await;
    env.nightly_run().await;
    let product = Product::of(env);
    let boss = product.sign_in_new("boss", Role::SystemAdministrator).await;
    let email = "usr-leaver@example.jp";
    let fields = [("email", email), ("role", "member")];
    boss.submit(MANAGE, &fields)
        .await
        .shows(&["ユーザーを追加しました"]);

    crew["emp_status"] = json!("retired");
    product.env.set_crews(&[crew]).await;
    testkit::advance(SignedDuration::from_mins(1));
    let run = product.env.nightly_run().await;
    assert_eq!(run.counts.deleted, 1);
    product
        .add_user_in(&parent.workspace_id, "usr_leaver", Role::Member)
        .await;
    let leaver = product.sign_in(email).await;
    assert_eq!(
        leaver
            .form("/related-companies/ws_test/enter", &[])
            .await
            .location(),
        "/"
    );
    leaver
        .get("/")
        .await
        .shows(&["みどりホールディングスからアクセス中"]);

    let history = format!("/settings/smarthr/history/{}", run.run_id);
    let page = boss.get(&history).await.ok();
    page.shows(&[
        "親会社経由でアクセスできます",
        &format!("href=\"{MANAGE}\">関連企業管理</a>"),
    ]);
    boss.submit(REMOVE, &[("email", email)])
        .await
        .shows(&["ユーザーを削除しました"]);
    is_out(&leaver).await;
}
