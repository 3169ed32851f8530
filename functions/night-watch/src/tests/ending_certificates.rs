//! The round of the morning: certificates of identity providers that end.

use domain::{SamlCertificate, SamlProvider};
use testkit::users::system_administrator;
use testkit::{TestEnv, advance, now};

use super::{DAY, watch};
use crate::watch::{Round, RoundReport};

/// Stores a SAML provider whose certificates end so many days from now.
async fn saml(env: &TestEnv, days: &[i64]) {
    let certificate = |days: &i64| SamlCertificate {
        der: format!("{days}"),
        not_after: now() + DAY * i32::try_from(*days).unwrap(),
    };
    env.configure_saml(SamlProvider {
        entity_id: "https://idp.example".into(),
        sign_in_url: "https://idp.example/sso".into(),
        certificates: days.iter().map(certificate).collect(),
    })
    .await;
}

/// Makes the round of the morning, and returns how many workspaces end soon and how many mails were written.
async fn morning(env: &TestEnv) -> (u32, u32) {
    match watch(env).handle(Round::Certificates {}).await.unwrap() {
        RoundReport::Certificates { ending, mailed } => (ending, mailed),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_system_administrators_are_mailed_30_7_and_1_days_before_the_certificate_ends() {
    let env = TestEnv::new(10, None).await;
    env.add_user(system_administrator("usr_a")).await;
    saml(&env, &[33]).await;
    let mut mailed = Vec::new();
    for days_left in (-2..=33).rev() {
        // A morning that is repeated mails nothing again, nor is a mail lost on a day without a round.
        let rounds = if days_left % 5 == 0 { 2 } else { 1 };
        for _ in 0..rounds {
            if morning(&env).await.1 > 0 {
                mailed.push(days_left);
            }
        }
        while let Some(message) = env.next_mail() {
            env.deliver(&message).await.unwrap();
        }
        assert_eq!(morning(&env).await.0 > 0, days_left <= 7, "{days_left}");
        advance(DAY);
    }
    assert_eq!(mailed, [30, 7, 1]);
    let mails = env.services.mails();
    let warnings = mails
        .iter()
        .filter(|mail| mail.subject().contains("SSOの証明書"));
    assert_eq!(warnings.count(), 3);
}

#[tokio::test]
async fn a_certificate_with_a_successor_and_one_that_nobody_uses_warn_nobody() {
    let env = TestEnv::new(10, None).await;
    saml(&env, &[3, 300]).await;
    assert_eq!(morning(&env).await, (0, 0));
    saml(&env, &[3]).await;
    let workspace = env.stored_workspace().await;
    let removed = env.store.put_single_sign_on(&workspace, None, &[]);
    removed.await.unwrap();
    assert_eq!(morning(&env).await, (0, 0));
}
