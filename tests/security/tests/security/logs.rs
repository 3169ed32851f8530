//! What the functions log when people sign in and connect SmartHR.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use secrecy::ExposeSecret;
use security::{ACTOR_EMAIL, Actor, NEW_PASSWORD, PASSWORD, PASSWORD_FIELDS, Places};
use serde_json::{Value, json};
use tracing::Level;
use tracing_subscriber::fmt;

use crate::oauth::{AOZORA, authorize, callback};

thread_local! {
    /// A test and all its tasks have one thread.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Logs at the level that the functions have in AWS, in this thread's lines.
fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        fmt()
            .json()
            .with_max_level(Level::INFO)
            .with_writer(|| Lines)
            .init();
    });
    LINES.take();
}

/// Returns account, network, method and reason of the only line about a refusal since the last call.
fn only_refusal() -> [String; 4] {
    let log = String::from_utf8(LINES.take()).unwrap();
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    let is_refusal = |line: &Value| line["fields"]["message"] == "a sign-in was refused";
    let refusals: Vec<Value> = lines.filter(is_refusal).collect();
    assert_eq!(refusals.len(), 1, "{log}");
    ["account", "network", "method", "reason"]
        .map(|field| refusals[0]["fields"][field].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn every_refused_sign_in_is_a_line_with_account_network_method_and_reason() {
    begin();
    let (product, places) = Places::set_up().await;
    let member = product.browser_of(Actor::Member).await;
    LINES.take();
    let mut stranger = product.browser();
    stranger.source = "2001:db8:1:2:3:4:5:6".into();
    let wrong = async |body: Value| {
        stranger.post("/api/v1/sign-in", body).await;
        only_refusal()
    };
    let by_address = json!({"email": ACTOR_EMAIL, "password": "wrong"});
    let company = &product.env.workspace.company_code;
    let by_code = json!({"company_code": company, "employee_code": "A-1", "password": "wrong"});
    let nobody = json!({"email": "nobody@example.jp", "password": "wrong"});

    let [account, network, method, reason] = wrong(by_address.clone()).await;
    assert_eq!((account.len(), &*network), (16, "2001:db8:1:2::/64"));
    assert_eq!((&*method, &*reason), ("Email", "sign_in_failed"));
    let [_, rest @ ..] = wrong(by_code).await;
    assert_eq!(rest, [&network, "EmployeeCode", &*reason]);
    let [of_nobody, rest @ ..] = wrong(nobody).await;
    assert_ne!(of_nobody, account);
    assert_eq!(rest, [&network, "Email", &*reason]);
    for _ in 0..4 {
        wrong(by_address.clone()).await;
    }
    let throttled = wrong(by_address).await;
    assert_eq!(
        throttled,
        [&account, &network, "Email", "too_many_requests"]
    );

    let body = json!({"new_password": NEW_PASSWORD, "current_password": "wrong"});
    member.post("/api/v1/password", body).await;
    let [_, _, method, reason] = only_refusal();
    assert_eq!(
        (&*method, &*reason),
        ("PasswordChange", "current_password_wrong")
    );
    member.confirm("wrong").await;
    let [_, _, method, reason] = only_refusal();
    assert_eq!(
        (&*method, &*reason),
        ("Confirmation", "current_password_wrong")
    );

    let link = format!("/invitations/{}", places.tokens[0]);
    product.browser().form(&link, &PASSWORD_FIELDS).await;
    LINES.take();
    product.browser().form(&link, &PASSWORD_FIELDS).await;
    let [_, _, method, reason] = only_refusal();
    assert_eq!((&*method, &*reason), ("Invitation", "link_unusable"));

    let link = format!("/password-resets/{}", places.tokens[0]);
    product.browser().form(&link, &PASSWORD_FIELDS).await;
    let [_, _, method, reason] = only_refusal();
    assert_eq!((&*method, &*reason), ("PasswordReset", "link_unusable"));

    let ask = async || {
        let fields = [("email", ACTOR_EMAIL)];
        stranger.form("/forgot-password", &fields).await
    };
    while ask().await.status == 303 {}
    let [again, rest @ ..] = only_refusal();
    assert_eq!(again, account);
    assert_eq!(rest, [&network, "ForgotPassword", "too_many_requests"]);
}

#[tokio::test]
async fn what_signed_in_people_are_refused_is_a_line_with_ids_route_code_and_network() {
    begin();
    let (product, places) = Places::set_up().await;
    let member = product.browser_of(Actor::Member).await;
    let path = format!("/api/v1/users/{}", places.invited[0].user_id);
    let mut refused = Vec::new();
    LINES.take();
    member.get(&path).await.is_refused(403, "forbidden");
    assert_eq!(member.get("/settings").await.status, 403);
    // What strangers are refused is not in it.
    assert_eq!(product.browser().get(&path).await.status, 401);
    let log = String::from_utf8(LINES.take()).unwrap();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["fields"]["message"] == "an operation was refused" {
            refused.push(line["fields"].clone());
        }
    }
    assert_eq!(refused.len(), 2, "{log}");
    for (line, route) in refused.iter().zip(["/api/v1/users/{id}", "/settings"]) {
        for (field, value) in [
            ("workspace_id", "ws_test"),
            ("user_id", "usr_actor"),
            ("role", "Member"),
            ("method", "GET"),
            ("route", route),
            ("code", "forbidden"),
            ("network", "203.0.113.7"),
        ] {
            assert_eq!(line[field], value, "{line}");
        }
    }
    assert!(!log.contains(ACTOR_EMAIL) && !log.contains(places.invited[0].user_id.as_str()));
}

#[tokio::test]
async fn nothing_that_lets_anybody_in_stands_in_a_log() {
    begin();
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let query = authorize(&admin, AOZORA).await;
    assert_eq!(callback(&admin, &query).await.status, 200);
    let stolen = authorize(&admin, AOZORA).await;
    assert_eq!(callback(&product.browser(), &stolen).await.status, 403);
    let link = format!("/invitations/{}", places.tokens[0]);
    let invited = product.browser();
    assert_eq!(invited.form(&link, &PASSWORD_FIELDS).await.status, 303);
    product.lock(ACTOR_EMAIL).await;

    let env = &product.env;
    let (id, connection) = (&env.workspace.workspace_id, env.connection().await);
    let tenant = &connection.company.tenant_id;
    let tokens = env.secrets().tokens(id, tenant).await;
    let tokens = tokens.unwrap().unwrap();
    let value = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    let secrets = [
        PASSWORD.to_owned(),
        value(&admin.session().cookie),
        value(&invited.session().cookie),
        admin.session().csrf,
        query["code"].clone(),
        query["state"].clone(),
        stolen["code"].clone(),
        stolen["state"].clone(),
        places.tokens[0].clone(),
        tokens.access_token.expose_secret().to_owned(),
        tokens.refresh_token.expose_secret().to_owned(),
        ACTOR_EMAIL.to_owned(),
        "kitera-secret".to_owned(),
    ];
    let log = String::from_utf8(LINES.take()).unwrap();
    for line in ["signed in", "a sign-in was refused"] {
        assert!(log.contains(line), "{line}: {log}");
    }
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret}: {log}");
    }
}
