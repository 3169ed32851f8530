use domain::{Credential, MailKind, Mode, Role, RunId};
use storage::queues::MailMessage;

use super::delivery_env::DeliveryEnv;
use crate::error::DeliveryError;

const SEED: &str = "seed-of-this-run";

/// Returns an environment with `count` system administrators.
async fn with_system_administrators(count: u32) -> DeliveryEnv {
    let env = DeliveryEnv::new().await;
    for number in 0..count {
        let email = format!("admin{number}@example.com");
        env.admin(Role::SystemAdministrator, &email).await;
    }
    env
}

/// Creates a run that issued initial passwords, and returns the message of their mail.
async fn run(env: &DeliveryEnv) -> (RunId, MailMessage) {
    let run_id = env.run(Some(SEED), &[]).await;
    let kind = MailKind::InitialPasswords {
        run_id: run_id.clone(),
    };
    (run_id, env.put(kind).await)
}

async fn seed_of(env: &DeliveryEnv, run_id: &RunId) -> Option<String> {
    let run = env.store().run(&env.workspace_id, run_id, Mode::Apply);
    let seed = run.await.unwrap().unwrap().password_seed;
    seed.map(|seed| seed.expose().to_owned())
}

#[tokio::test]
async fn every_system_administrator_gets_the_passwords_of_the_run_and_the_seed_is_forgotten() {
    let env = with_system_administrators(2).await;
    env.admin(Role::Administrator, "c@example.com").await;
    env.registered("0012", SEED).await;
    env.registered("-7", SEED).await;
    env.registered("99", "seed-of-another-run").await;
    let (run_id, message) = run(&env).await;
    env.deliver(&message).await.unwrap();

    let mail = env.ses.only();
    let mut to = mail.to.clone();
    to.sort();
    assert_eq!(to, ["admin0@example.com", "admin1@example.com"]);
    let rows = mail.csv_rows();
    assert_eq!(rows.len(), 2, "{rows:?}");
    for code in ["\u{A0}0012", "\u{A0}-7"] {
        assert!(rows.iter().any(|row| row.contains(&format!(",{code},"))));
    }
    for row in &rows {
        assert!(row.ends_with("https://app.kitera.example/sign-in?company_code=MIDORI"));
    }
    assert_eq!(seed_of(&env, &run_id).await, None);
    assert!(!env.waits(&message).await);
}

#[tokio::test]
async fn a_password_that_was_replaced_already_is_not_in_the_list() {
    let env = with_system_administrators(1).await;
    env.registered("1", SEED).await;
    let replaced = env.registered("2", SEED).await;
    env.change(&replaced, |user| user.credential = Credential::Password)
        .await;
    let (_, message) = run(&env).await;
    env.deliver(&message).await.unwrap();
    assert_eq!(env.ses.only().csv_rows().len(), 1);
}

#[tokio::test]
async fn without_a_system_administrator_with_an_address_the_passwords_wait() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "c@example.com").await;
    env.registered("1", SEED).await;
    let (run_id, message) = run(&env).await;
    let refused = env.deliver(&message).await;
    assert!(matches!(refused, Err(DeliveryError::NoSystemAdministrator)));
    assert!(env.waits(&message).await);
    assert_eq!(seed_of(&env, &run_id).await.as_deref(), Some(SEED));

    env.admin(Role::SystemAdministrator, "a@example.com").await;
    env.deliver(&message).await.unwrap();
    assert_eq!(env.ses.only().csv_rows().len(), 1);
}

#[tokio::test]
async fn passwords_that_ses_rejects_are_kept() {
    let env = with_system_administrators(1).await;
    env.ses.refuse_address("admin0@example.com");
    env.registered("1", SEED).await;
    let (run_id, message) = run(&env).await;
    let refused = env.deliver(&message).await;
    assert!(matches!(refused, Err(DeliveryError::PasswordsRejected(_))));
    assert!(env.waits(&message).await);
    assert_eq!(seed_of(&env, &run_id).await.as_deref(), Some(SEED));
}

#[tokio::test]
async fn a_delivery_that_died_before_it_was_noted_is_finished_without_another_mail() {
    let env = with_system_administrators(1).await;
    env.registered("1", SEED).await;
    let (run_id, message) = run(&env).await;
    let forgotten = env.store().forget_password_seed(&env.workspace_id, &run_id);
    forgotten.await.unwrap();
    env.deliver(&message).await.unwrap();
    assert!(env.ses.accepted().is_empty());
    assert!(!env.waits(&message).await);
}

#[tokio::test]
async fn more_than_fifty_system_administrators_get_it_in_several_mails() {
    let env = with_system_administrators(51).await;
    env.registered("1", SEED).await;
    let (_, message) = run(&env).await;
    env.deliver(&message).await.unwrap();
    let mails = env.ses.accepted();
    let mut sizes: Vec<_> = mails.iter().map(|mail| mail.to.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 50]);
    assert_ne!(mails[0].message_id(), mails[1].message_id());
}

#[tokio::test]
async fn of_several_mails_those_that_ses_took_are_not_sent_again() {
    let env = with_system_administrators(120).await;
    env.registered("1", SEED).await;
    let (run_id, message) = run(&env).await;
    // Each delivery sends one mail and is throttled at the next.
    for delivered in 1..=2 {
        env.ses.refuse_after(1, &["Throttling"; 5]);
        let refused = env.deliver(&message).await;
        assert!(matches!(refused, Err(DeliveryError::Throttled(_))));
        assert_eq!(env.ses.accepted().len(), delivered);
        assert_eq!(seed_of(&env, &run_id).await.as_deref(), Some(SEED));
    }
    env.deliver(&message).await.unwrap();
    let to = env.ses.accepted().into_iter().flat_map(|mail| mail.to);
    let mut to: Vec<String> = to.collect();
    assert_eq!(to.len(), 120, "nobody twice");
    to.sort_unstable();
    to.dedup();
    assert_eq!(to.len(), 120, "and everybody");
    assert_eq!(seed_of(&env, &run_id).await, None);
}

#[tokio::test]
async fn a_part_whose_list_has_changed_meanwhile_is_sent_again() {
    let env = with_system_administrators(51).await;
    env.registered("1", SEED).await;
    let replaced = env.registered("2", SEED).await;
    let (_, message) = run(&env).await;
    env.ses.refuse_after(1, &["ServiceUnavailable"; 3]);
    env.deliver(&message).await.unwrap_err();
    env.change(&replaced, |user| user.credential = Credential::Password)
        .await;
    env.ses.refuse_after(0, &[]);
    env.deliver(&message).await.unwrap();
    let rows = env.ses.accepted().into_iter().map(|mail| mail.csv_rows());
    let rows: Vec<usize> = rows.map(|rows| rows.len()).collect();
    assert_eq!(rows, [2, 1, 1]);
}

#[tokio::test]
async fn a_password_issued_anew_goes_out_unless_something_newer_took_its_place() {
    let env = with_system_administrators(1).await;
    let user = env.registered("0012", SEED).await;
    let issued = |serial| MailKind::IssuedPassword {
        user_id: user.user_id.clone(),
        serial,
        password_seed: SEED.into(),
    };
    let old = env.put(issued(user.serial + 1)).await;
    let present = env.put(issued(user.serial)).await;
    env.deliver(&old).await.unwrap();
    assert!(env.ses.accepted().is_empty());
    env.deliver(&present).await.unwrap();
    let mail = env.ses.only();
    assert_eq!(mail.csv_rows().len(), 1);
    assert!(mail.text().contains("再発行しました"));
}
