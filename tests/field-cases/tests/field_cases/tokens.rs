//! Token answers of SmartHR whose side fields are odd: what cannot be replaced is kept, whatever stands beside it.

use domain::{ConnectionState, Role, RunOutcome, TenantId};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use security::Product;
use serde_json::{Value, json};
use storage::secrets::StoredTokens;
use testkit::users::TENANT;
use testkit::{AOZORA_ADMIN, TestEnv, advance, person};

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(a_lifetime_that_is_a_text_costs_no_rotated_token),
        case(an_empty_refresh_token_is_none_and_the_old_one_stays),
        case(an_odd_subdomain_in_the_answer_keeps_nobody_from_connecting),
    ]
}

/// Has SmartHR answer the next request for tokens with new ones, and these fields beside or in place of its own.
async fn next_tokens(env: &TestEnv, fields: Value) -> StoredTokens {
    let tokens = env.new_tokens().await;
    let mut body = json!({
        "access_token": tokens.access_token.expose_secret(),
        "refresh_token": tokens.refresh_token.expose_secret(),
        "token_type": "Bearer",
        "expires_in": 7200,
        "token_request_tenant_id": TENANT,
        "subdomain": "aozora",
    });
    body.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    env.smarthr_fault(json!({ "path": "/oauth/token", "status": 200, "count": 1, "body": body }))
        .await;
    tokens
}

async fn refresh_token(env: &TestEnv) -> String {
    let id = &env.workspace.workspace_id;
    let tokens = env.secrets().tokens(id, &TenantId::new(TENANT)).await;
    let tokens = tokens.unwrap().unwrap();
    tokens.refresh_token.expose_secret().to_owned()
}

/// Returns an environment whose access token is refreshed by the next night, which gets these fields.
async fn before_a_refresh(fields: Value) -> (TestEnv, StoredTokens) {
    let env = TestEnv::new(20, None).await;
    env.set_crews(&[person(1)]).await;
    env.revoke_access_tokens().await;
    let tokens = next_tokens(&env, fields).await;
    (env, tokens)
}

/// Checks that this night and the next one, whose token is refreshed again, work.
async fn two_nights_work(env: &TestEnv) {
    for _ in 0..2 {
        let run = env.nightly_run().await;
        assert_eq!((run.outcome, &run.failure), (RunOutcome::Success, &None));
        env.revoke_access_tokens().await;
        advance(SignedDuration::from_hours(24));
    }
    assert_eq!(env.connection().await.state, ConnectionState::Connected);
}

async fn a_lifetime_that_is_a_text_costs_no_rotated_token() {
    for lifetime in [json!("7200"), json!(null), json!("soon"), json!(-1)] {
        let (env, tokens) = before_a_refresh(json!({ "expires_in": lifetime })).await;
        two_nights_work(&env).await;
        assert_ne!(
            refresh_token(&env).await,
            tokens.refresh_token.expose_secret(),
            "the second night rotated the stored one"
        );
    }
}

async fn an_empty_refresh_token_is_none_and_the_old_one_stays() {
    for empty in [json!(""), json!(null)] {
        let (env, _) = before_a_refresh(json!({ "refresh_token": empty })).await;
        let before = refresh_token(&env).await;
        env.nightly_run().await;
        assert_eq!(refresh_token(&env).await, before);
        env.revoke_access_tokens().await;
        advance(SignedDuration::from_hours(24));
        two_nights_work(&env).await;
    }
}

async fn an_odd_subdomain_in_the_answer_keeps_nobody_from_connecting() {
    for subdomain in ["", "  ", "aozora.smarthr.jp", "aozora "] {
        let product = Product::of(TestEnv::new(20, None).await);
        let admin = product.sign_in_new("admin", Role::Administrator).await;
        let begun = admin.post("/api/v1/integration/connect", json!({})).await;
        let begun = begun.ok().json();
        let address = begun["authorize_url"].as_str().unwrap().to_owned();
        let back = product.env.log_in_at_smarthr(&address, AOZORA_ADMIN).await;
        next_tokens(&product.env, json!({ "subdomain": subdomain })).await;
        let callback = format!("{}?{}", back.path(), back.query().unwrap());
        let page = admin.follow(&admin.get(&callback).await).await;
        page.shows(&["SmartHRとの連携が完了しました。"]);
        let company = product.env.connection().await.company;
        assert_eq!(
            company.subdomain.as_deref(),
            Some("aozora"),
            "{subdomain:?}"
        );
    }
}
