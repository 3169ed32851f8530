//! Addresses that several workspaces know, and how a person learns that theirs changed.

use credentials::{PasswordHash, Random};
use domain::{Credential, CredentialHashChanges, Role, Status, User, Workspace, WorkspaceId};
use jiff::SignedDuration;
use security::{PASSWORD, Product};
use serde_json::{Value, json};
use storage::transaction::UserWrite;
use testkit::{TestEnv, advance, person};

use crate::case::{Case, case};

const EMAIL: &str = "usr-hanako@example.jp";
const OTHER_PASSWORD: &str = "oyogu-sakana-77";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(an_invitation_by_another_customer_keeps_nobody_out),
        case(the_password_tells_which_of_two_workspaces_is_meant),
        case(one_password_in_two_workspaces_asks_for_the_company_code),
        case(invitations_and_the_account_name_the_company_code),
        case(a_company_name_in_the_field_of_the_company_code_does_not_keep_out),
        case(a_night_that_changes_the_address_of_somebody_who_came_in_tells_both_addresses),
    ]
}

/// Returns a product with the person in its workspace, and with `status` in another one.
async fn in_two_workspaces(status: Status, password: &str) -> Product {
    let product = Product::of(TestEnv::new(20, None).await);
    let user = product.add_user("usr_hanako", Role::Member).await;
    let other = Workspace {
        workspace_id: WorkspaceId::new("ws_other"),
        company_code: "aozora".into(),
        ..product.env.workspace.clone()
    };
    product.env.store.put_workspace(&other, &[]).await.unwrap();
    let hash = PasswordHash::create(password.into(), &Random::os())
        .await
        .unwrap();
    let is_active = status == Status::Active;
    let credential = if is_active {
        Credential::Password
    } else {
        Credential::None
    };
    let create = UserWrite::Create {
        after: User {
            status,
            credential,
            ..user
        },
        hashes: CredentialHashChanges {
            password_hash: is_active.then(|| hash.expose_to_store().to_owned()),
            ..CredentialHashChanges::default()
        },
    };
    product
        .env
        .write_in(&other.workspace_id, create)
        .await
        .unwrap();
    product
}

async fn sign_in(product: &Product, fields: Value) -> (u16, String) {
    let browser = product.browser();
    let answer = browser.post("/api/v1/sign-in", fields).await;
    let home = browser.get("/").await.text;
    (answer.status.as_u16(), format!("{}{home}", answer.text))
}

async fn an_invitation_by_another_customer_keeps_nobody_out() {
    let product = in_two_workspaces(Status::Invited, OTHER_PASSWORD).await;
    let fields = json!({"email": EMAIL, "password": PASSWORD});
    assert_eq!(sign_in(&product, fields).await.0, 200);
}

async fn the_password_tells_which_of_two_workspaces_is_meant() {
    let product = in_two_workspaces(Status::Active, OTHER_PASSWORD).await;
    for (password, company) in [(PASSWORD, "test"), (OTHER_PASSWORD, "aozora")] {
        let fields = json!({"email": EMAIL, "password": password});
        let (status, page) = sign_in(&product, fields).await;
        assert_eq!(status, 200);
        assert!(page.contains(&format!("企業コード: {company}")), "{page}");
    }
}

async fn one_password_in_two_workspaces_asks_for_the_company_code() {
    let product = in_two_workspaces(Status::Active, PASSWORD).await;
    let fields = json!({"email": EMAIL, "password": PASSWORD});
    let (status, text) = sign_in(&product, fields).await;
    assert_eq!(status, 401);
    assert!(text.contains("企業コードも入力してください"), "{text}");
    let fields = json!({"email": EMAIL, "company_code": "aozora", "password": PASSWORD});
    assert_eq!(sign_in(&product, fields).await.0, 200);
}

async fn invitations_and_the_account_name_the_company_code() {
    let product = Product::of(TestEnv::new(20, None).await);
    product.env.set_crews(&[person(1)]).await;
    product.env.nightly_run().await;
    product.env.deliver_queued_mails().await;
    assert_eq!(product.env.mails_with("企業コード: test"), 1);
    let browser = product.sign_in_new("hanako", Role::Member).await;
    browser.get("/").await.shows(&["企業コード: test"]);
}

async fn a_company_name_in_the_field_of_the_company_code_does_not_keep_out() {
    let product = in_two_workspaces(Status::Invited, OTHER_PASSWORD).await;
    let fields = |password: &str| json!({"email": EMAIL, "company_code": "みどり商事", "password": password});
    assert_eq!(sign_in(&product, fields(PASSWORD)).await.0, 200);
    assert_eq!(sign_in(&product, fields("wrong")).await.0, 401);
    let page = product.browser().get("/sign-in").await;
    assert!(!page.text.contains("autocomplete=\"organization\""));
}

async fn a_night_that_changes_the_address_of_somebody_who_came_in_tells_both_addresses() {
    let env = TestEnv::new(20, None).await;
    let mut crew = person(1);
    env.set_crews(&[crew.clone()]).await;
    env.nightly_run().await;
    let invited = env.users().await.remove(0);
    env.accept_invitation(invited).await;
    crew["email"] = json!("new@example.jp");
    env.set_crews(&[crew]).await;
    advance(SignedDuration::from_hours(24));
    env.nightly_run().await;
    let product = Product::of(env);
    product.env.deliver_queued_mails().await;
    let mails = product.env.services.mails();
    let notices = mails
        .iter()
        .filter(|mail| mail.subject().contains("メールアドレス"));
    let mut told: Vec<String> = notices.flat_map(|mail| mail.to.clone()).collect();
    told.sort();
    assert_eq!(told, ["new@example.jp", "p1@example.jp"]);
}
