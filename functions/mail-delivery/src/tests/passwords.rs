use domain::MailKind;
use domain::Mode;
use domain::{Credential, Role, RunId};
use storage::queues::MailMessage;

use super::office::Office;
use crate::error::DeliveryError;

const SEED: &str = "seed-of-this-run";

async fn seed_of(office: &Office, run_id: &RunId) -> Option<String> {
    let run = office
        .store()
        .run(&office.workspace_id, run_id, Mode::Apply)
        .await;
    let seed = run.unwrap().unwrap().password_seed;
    seed.map(|seed| seed.expose().to_owned())
}

async fn put(office: &Office, run_id: &RunId) -> MailMessage {
    let run_id = run_id.clone();
    office.put(MailKind::InitialPasswords { run_id }).await
}

#[tokio::test]
async fn every_system_administrator_gets_the_passwords_of_the_run_and_the_seed_is_forgotten() {
    let office = Office::open().await;
    office
        .admin(Role::SystemAdministrator, "a@example.com")
        .await;
    office
        .admin(Role::SystemAdministrator, "b@example.com")
        .await;
    office.admin(Role::Administrator, "c@example.com").await;
    office.registered("0012", SEED).await;
    office.registered("-7", SEED).await;
    office.registered("99", "seed-of-another-run").await;
    let run_id = office.run(Some(SEED), &[]).await;
    let message = put(&office, &run_id).await;
    office.deliver(&message).await.unwrap();

    let mail = office.ses.only();
    let mut to = mail.to.clone();
    to.sort();
    assert_eq!(to, ["a@example.com", "b@example.com"]);
    let rows = mail.csv_rows();
    assert_eq!(rows.len(), 2, "{rows:?}");
    for code in ["\u{A0}0012", "\u{A0}-7"] {
        assert!(rows.iter().any(|row| row.contains(&format!(",{code},"))));
    }
    for row in &rows {
        assert!(row.ends_with("https://app.kitera.example/sign-in?company_code=MIDORI"));
    }
    assert_eq!(seed_of(&office, &run_id).await, None);
    assert!(!office.waits(&message).await);
}

#[tokio::test]
async fn a_password_that_was_replaced_already_is_not_in_the_list() {
    let office = Office::open().await;
    office
        .admin(Role::SystemAdministrator, "a@example.com")
        .await;
    office.registered("1", SEED).await;
    let replaced = office.registered("2", SEED).await;
    office
        .change(&replaced, |user| user.credential = Credential::Password)
        .await;
    let run_id = office.run(Some(SEED), &[]).await;
    let message = put(&office, &run_id).await;
    office.deliver(&message).await.unwrap();
    assert_eq!(office.ses.only().csv_rows().len(), 1);
}

#[tokio::test]
async fn without_a_system_administrator_with_an_address_the_passwords_wait() {
    let office = Office::open().await;
    office.admin(Role::Administrator, "c@example.com").await;
    office.registered("1", SEED).await;
    let run_id = office.run(Some(SEED), &[]).await;
    let message = put(&office, &run_id).await;
    let refused = office.deliver(&message).await;
    assert!(matches!(refused, Err(DeliveryError::NoSystemAdministrator)));
    assert!(office.waits(&message).await);
    assert_eq!(seed_of(&office, &run_id).await.as_deref(), Some(SEED));

    office
        .admin(Role::SystemAdministrator, "a@example.com")
        .await;
    office.deliver(&message).await.unwrap();
    assert_eq!(office.ses.only().csv_rows().len(), 1);
}

#[tokio::test]
async fn passwords_that_ses_rejects_are_kept() {
    let office = Office::open().await;
    office
        .admin(Role::SystemAdministrator, "a@example.com")
        .await;
    office.ses.refuse_address("a@example.com");
    office.registered("1", SEED).await;
    let run_id = office.run(Some(SEED), &[]).await;
    let message = put(&office, &run_id).await;
    let refused = office.deliver(&message).await;
    assert!(matches!(refused, Err(DeliveryError::PasswordsRejected(_))));
    assert!(office.waits(&message).await);
    assert_eq!(seed_of(&office, &run_id).await.as_deref(), Some(SEED));
}

#[tokio::test]
async fn a_delivery_that_died_before_it_was_noted_is_finished_without_another_mail() {
    let office = Office::open().await;
    office
        .admin(Role::SystemAdministrator, "a@example.com")
        .await;
    office.registered("1", SEED).await;
    let run_id = office.run(Some(SEED), &[]).await;
    let message = put(&office, &run_id).await;
    office
        .store()
        .forget_password_seed(&office.workspace_id, &run_id)
        .await
        .unwrap();
    office.deliver(&message).await.unwrap();
    assert!(office.ses.taken().is_empty());
    assert!(!office.waits(&message).await);
}

#[tokio::test]
async fn more_than_fifty_system_administrators_get_it_in_several_mails() {
    let office = Office::open().await;
    for number in 0..51 {
        let email = format!("admin{number}@example.com");
        office.admin(Role::SystemAdministrator, &email).await;
    }
    office.registered("1", SEED).await;
    let run_id = office.run(Some(SEED), &[]).await;
    let message = put(&office, &run_id).await;
    office.deliver(&message).await.unwrap();
    let taken = office.ses.taken();
    let mut sizes: Vec<_> = taken.iter().map(|mail| mail.to.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 50]);
    assert_ne!(taken[0].message_id(), taken[1].message_id());
}

#[tokio::test]
async fn of_several_mails_those_that_ses_took_are_not_sent_again() {
    let office = Office::open().await;
    for number in 0..120 {
        let email = format!("admin{number}@example.com");
        office.admin(Role::SystemAdministrator, &email).await;
    }
    office.registered("1", SEED).await;
    let run_id = office.run(Some(SEED), &[]).await;
    let message = put(&office, &run_id).await;
    // Each delivery gets one mail through, and is throttled for good at the next.
    for delivered in 1..=2 {
        let throttled = ["Throttling"; 5];
        office.ses.refuse_after(1, &throttled);
        let refused = office.deliver(&message).await;
        assert!(matches!(refused, Err(DeliveryError::Throttled(_))));
        assert_eq!(office.ses.taken().len(), delivered);
        assert_eq!(seed_of(&office, &run_id).await.as_deref(), Some(SEED));
    }
    office.deliver(&message).await.unwrap();
    let to = office.ses.taken().into_iter().flat_map(|mail| mail.to);
    let mut to: Vec<String> = to.collect();
    assert_eq!(to.len(), 120, "nobody twice");
    to.sort_unstable();
    to.dedup();
    assert_eq!(to.len(), 120, "and everybody");
    assert_eq!(seed_of(&office, &run_id).await, None);
}

#[tokio::test]
async fn a_part_whose_list_has_changed_meanwhile_is_sent_again() {
    let office = Office::open().await;
    for number in 0..51 {
        let email = format!("admin{number}@example.com");
        office.admin(Role::SystemAdministrator, &email).await;
    }
    office.registered("1", SEED).await;
    let replaced = office.registered("2", SEED).await;
    let run_id = office.run(Some(SEED), &[]).await;
    let message = put(&office, &run_id).await;
    office.ses.refuse_after(1, &["ServiceUnavailable"; 3]);
    office.deliver(&message).await.unwrap_err();
    office
        .change(&replaced, |user| user.credential = Credential::Password)
        .await;
    office.ses.refuse_after(0, &[]);
    office.deliver(&message).await.unwrap();
    let rows: Vec<usize> = office
        .ses
        .taken()
        .iter()
        .map(|mail| mail.csv_rows().len())
        .collect();
    assert_eq!(rows, [2, 1, 1]);
}

#[tokio::test]
async fn a_password_issued_anew_goes_out_unless_something_newer_took_its_place() {
    let office = Office::open().await;
    office
        .admin(Role::SystemAdministrator, "a@example.com")
        .await;
    let user = office.registered("0012", SEED).await;
    let issued = |serial| MailKind::IssuedPassword {
        user_id: user.user_id.clone(),
        serial,
        password_seed: SEED.into(),
    };
    let old = office.put(issued(user.serial + 1)).await;
    let present = office.put(issued(user.serial)).await;
    office.deliver(&old).await.unwrap();
    assert!(office.ses.taken().is_empty());
    office.deliver(&present).await.unwrap();
    let mail = office.ses.only();
    assert_eq!(mail.csv_rows().len(), 1);
    assert!(mail.text().contains("再発行しました"));
}
