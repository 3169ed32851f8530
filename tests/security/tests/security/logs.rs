//! What the functions log when people sign in and connect SmartHR.

use std::cell::RefCell;
use std::io::{self, Write};

use secrecy::ExposeSecret;
use security::{ACTOR_EMAIL, Actor, PASSWORD, PASSWORD_FIELDS, Places};
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

/// Logs at the level that the functions have in AWS.
#[tokio::test]
async fn nothing_that_lets_anybody_in_stands_in_a_log() {
    fmt()
        .with_max_level(Level::INFO)
        .with_writer(|| Lines)
        .init();

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
