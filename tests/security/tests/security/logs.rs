//! What stands in the functions' logs after people came in.

use std::cell::RefCell;
use std::io::{self, Write};

use secrecy::ExposeSecret;
use security::{Actor, Call, PASSWORD, Places, Session};
use serde_json::json;
use tracing::Level;
use tracing_subscriber::fmt;

use crate::oauth::{AOZORA, comes_back, logs_in, of, sets_out};

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

/// At the level that the functions have in AWS.
#[tokio::test]
async fn nothing_that_lets_anybody_in_stands_in_a_log() {
    fmt()
        .with_max_level(Level::INFO)
        .with_writer(|| Lines)
        .init();

    let (product, places) = Places::set_up().await;
    let admin = product.come_as(Actor::SystemAdministrator).await;
    let query = logs_in(&sets_out(&product, &admin, json!({})).await, AOZORA).await;
    assert_eq!(comes_back(&product, &admin, &query).await.status, 200);
    let stolen = logs_in(&sets_out(&product, &admin, json!({})).await, AOZORA).await;
    assert_eq!(
        comes_back(&product, &Session::default(), &stolen)
            .await
            .status,
        403
    );
    let link = format!("/invitations/{}", places.tokens[0]);
    let fields = [("password", PASSWORD), ("password_confirmation", PASSWORD)];
    let entered = product
        .call(Call::new("POST", &link).form(&fields, ""))
        .await;
    assert_eq!(entered.status, 303);
    product.lock(&admin.email).await;

    let env = &product.env;
    let (id, linked) = (&env.workspace.workspace_id, env.connection().await);
    let tokens = env.secrets().tokens(id, &linked.company.tenant_id).await;
    let tokens = tokens.unwrap().unwrap();
    let value = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    let secrets = [
        PASSWORD.to_owned(),
        value(&admin.cookie),
        value(&entered.cookie()),
        admin.csrf.clone(),
        of(&query, "code").to_owned(),
        of(&query, "state").to_owned(),
        of(&stolen, "code").to_owned(),
        of(&stolen, "state").to_owned(),
        places.tokens[0].clone(),
        tokens.access_token.expose_secret().to_owned(),
        tokens.refresh_token.expose_secret().to_owned(),
        admin.email.clone(),
        "kitera-secret".to_owned(),
    ];
    let log = String::from_utf8(LINES.take()).unwrap();
    for line in [
        "signed in",
        "a sign-in was refused",
        "an account was locked",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret}: {log}");
    }
}
