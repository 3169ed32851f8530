use domain::{Credential, MailKind, Mode, PasswordCsv, PasswordIssue, Role, RunId, UserId};
use storage::Store;
use storage::password_issues::IssueWrite;
use storage::queues::MailMessage;
use storage::testing::table_names;
use storage::transaction::Commit;
use testkit::users::{active, system_administrator};
use testkit::{TestEnv, now};

use super::deliveries::{
    deliver, delivery, environment, give_passwords, put, refuse_mails, registered, run, waits,
};
use crate::deliver_once::Delivery;
use crate::error::DeliveryError;

const SEED: &str = "seed-of-this-run";

/// Returns an environment with `admins` system administrators and a user who has an initial password.
pub(super) async fn with_system_administrators(admins: u32) -> TestEnv {
    let env = environment().await;
    for number in 0..admins {
        env.add_user(system_administrator(&format!("usr_{number}")))
            .await;
    }
    registered(&env, "0012", SEED).await;
    env
}

/// Creates a run that gave everybody their initial passwords, and returns the message of their mail.
pub(super) async fn run_with_passwords(env: &TestEnv) -> (RunId, MailMessage) {
    let run_id = run(env, Some(SEED), &[]).await;
    give_passwords(env, &run_id).await;
    let kind = MailKind::InitialPasswords {
        run_id: run_id.clone(),
    };
    (run_id, put(env, kind).await)
}

/// Stores the issue of a run that gave one person an initial password.
pub(super) async fn issue_of(env: &TestEnv, run_id: &RunId) {
    let id = &env.workspace.workspace_id;
    let run = env.store.run(id, run_id, Mode::Apply).await.unwrap();
    let commit = Commit {
        password_issue: PasswordIssue::of_run(&run.unwrap(), 1, now()).map(IssueWrite::New),
        ..Commit::default()
    };
    env.store.commit(id, &commit, now()).await.unwrap();
}

async fn seed_of(env: &TestEnv, run_id: &RunId) -> Option<String> {
    let id = &env.workspace.workspace_id;
    let run = env.store.run(id, run_id, Mode::Apply).await.unwrap();
    let seed = run.unwrap().password_seed;
    seed.map(|seed| seed.expose().to_owned())
}

/// Checks that the mail still waits, and that its passwords can be made again.
pub(super) async fn passwords_wait(env: &TestEnv, run_id: &RunId, message: &MailMessage) {
    assert!(waits(env, message).await);
    assert_eq!(seed_of(env, run_id).await.as_deref(), Some(SEED));
}

#[tokio::test]
async fn every_system_administrator_gets_the_passwords_of_the_run_and_the_seed_is_forgotten() {
    let env = with_system_administrators(2).await;
    env.add_user(active("usr_c", Role::Administrator)).await;
    registered(&env, "-7", SEED).await;
    registered(&env, "99", "seed-of-another-run").await;
    let (run_id, message) = run_with_passwords(&env).await;
    deliver(&env, &message).await.unwrap();

    let mut mail = env.services.only_mail();
    mail.to.sort();
    assert_eq!(mail.to, ["usr-0@example.jp", "usr-1@example.jp"]);
    let rows = mail.csv_rows();
    assert_eq!(rows.len(), 2, "{rows:?}");
    for code in ["0012", "-7"].map(|code| format!("{}{code}", mail::GUARD)) {
        assert!(rows.iter().any(|row| row.contains(&format!(",{code},"))));
    }
    let login_url = "https://app.kitera.example/sign-in?company_code=test";
    assert!(rows.iter().all(|row| row.ends_with(login_url)), "{rows:?}");
    assert_eq!(seed_of(&env, &run_id).await, None);
    assert!(!waits(&env, &message).await);
}

#[tokio::test]
async fn the_passwords_of_a_run_are_made_without_reading_the_rest_of_the_company() {
    let env = with_system_administrators(2).await;
    for number in 0..30 {
        env.add_user(active(&format!("usr_member_{number}"), Role::Member))
            .await;
    }
    let (_, message) = run_with_passwords(&env).await;
    env.proxy.restart(None);
    let counted = Delivery {
        store: Store::new(&env.sdk, table_names("")),
        ..delivery(&env).await
    };
    counted.deliver(&message, now()).await.unwrap();
    assert_eq!(env.services.only_mail().csv_rows().len(), 1);
    let calls = env.proxy.by_operation();
    let of = |operation: &str| calls[&format!("DynamoDB_20120810.{operation}")];
    assert_eq!(of("Query"), 2, "who is an admin, and the rows: {calls:#?}");
    assert_eq!(of("BatchGetItem"), 2, "admins and people of the run");
}

#[tokio::test]
async fn a_run_whose_rows_cannot_be_read_hides_nobodys_password() {
    let env = with_system_administrators(1).await;
    let (run_id, message) = run_with_passwords(&env).await;
    env.corrupt_step_rows(&run_id).await;
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.services.only_mail().csv_rows().len(), 1);
}

#[tokio::test]
async fn passwords_are_found_on_every_page_of_a_company_that_is_read_as_a_whole() {
    let env = with_system_administrators(1).await;
    let codes = ["901", "902", "903", "904", "905"];
    for code in codes {
        registered(&env, code, SEED).await;
    }
    let (run_id, message) = run_with_passwords(&env).await;
    for code in codes {
        // An answer has at most 1 MB.
        env.change_user(&format!("usr_{code}"), |user| {
            user.name = "田".repeat(110_000);
        })
        .await;
    }
    env.corrupt_step_rows(&run_id).await;
    env.proxy.restart(None);
    let counted = Delivery {
        store: Store::new(&env.sdk, table_names("")),
        ..delivery(&env).await
    };
    counted.deliver(&message, now()).await.unwrap();
    assert_eq!(env.services.only_mail().csv_rows().len(), 6);
    let queries = env.proxy.by_operation()["DynamoDB_20120810.Query"];
    assert!(queries > 3, "admins, rows, and pages of users: {queries}");
}

#[tokio::test]
async fn a_password_that_was_replaced_already_is_not_in_the_list() {
    let env = with_system_administrators(1).await;
    registered(&env, "2", SEED).await;
    env.change_user("usr_2", |user| user.credential = Credential::Password)
        .await;
    let (_, message) = run_with_passwords(&env).await;
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.services.only_mail().csv_rows().len(), 1);
}

#[tokio::test]
async fn a_delivery_that_died_before_it_was_noted_is_finished_without_another_mail() {
    let env = with_system_administrators(1).await;
    let (run_id, message) = run_with_passwords(&env).await;
    let id = &env.workspace.workspace_id;
    let forgotten = env.store.forget_password_seed(id, &run_id).await;
    forgotten.unwrap();
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.services.mails().len(), 0);
    assert!(!waits(&env, &message).await);
}

#[tokio::test]
async fn more_than_fifty_system_administrators_get_it_in_several_mails() {
    let env = with_system_administrators(51).await;
    let (_, message) = run_with_passwords(&env).await;
    deliver(&env, &message).await.unwrap();
    let mails = env.services.mails();
    let mut sizes: Vec<_> = mails.iter().map(|mail| mail.to.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 50]);
    assert_ne!(mails[0].message_id(), mails[1].message_id());
}

#[tokio::test]
async fn of_several_mails_those_that_ses_took_are_not_sent_again() {
    let env = with_system_administrators(120).await;
    let (run_id, message) = run_with_passwords(&env).await;
    // Each delivery sends one mail and is throttled at the next.
    for delivered in 1..=2 {
        refuse_mails(&env, 1, usize::MAX, "Throttling");
        let refused = deliver(&env, &message).await;
        assert!(matches!(refused, Err(DeliveryError::Throttled(_))));
        assert_eq!(env.services.mails().len(), delivered);
        passwords_wait(&env, &run_id, &message).await;
    }
    env.proxy.restart(None);
    deliver(&env, &message).await.unwrap();
    let to = env.services.mails().into_iter().flat_map(|mail| mail.to);
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
    registered(&env, "0077", SEED).await;
    let (_, message) = run_with_passwords(&env).await;
    refuse_mails(&env, 1, 1, "ServiceUnavailable");
    deliver(&env, &message).await.unwrap_err();
    env.change_user("usr_0077", |user| user.credential = Credential::Password)
        .await;
    deliver(&env, &message).await.unwrap();
    let rows = env.services.mails().into_iter().map(|mail| mail.csv_rows());
    let rows: Vec<usize> = rows.map(|rows| rows.len()).collect();
    assert_eq!(rows, [2, 1, 1]);
}

#[tokio::test]
async fn passwords_issued_again_go_out_unless_something_newer_took_their_place() {
    let env = with_system_administrators(1).await;
    registered(&env, "0013", "a newer seed").await;
    let admin = UserId::new("usr_0");
    let issue = PasswordIssue::by_admin((&admin, "a"), 2, SEED.into(), now());
    let people = ["usr_0012", "usr_0013"].map(UserId::new).to_vec();
    let commit = Commit {
        password_issue: IssueWrite::to(&issue, people, false),
        ..Commit::default()
    };
    let id = &env.workspace.workspace_id;
    env.store.commit(id, &commit, now()).await.unwrap();
    let issued = |issue_id: String| MailKind::IssuedPasswords { issue_id };
    let unknown = put(&env, issued("unknown".into())).await;
    deliver(&env, &unknown).await.unwrap();
    assert_eq!(env.services.mails().len(), 0);
    let message = put(&env, issued(issue.issue_id)).await;
    deliver(&env, &message).await.unwrap();
    let mail = env.services.only_mail();
    let rows = mail.csv_rows();
    assert!(rows.len() == 1 && rows[0].contains("0012"), "{rows:?}");
    assert!(mail.text().contains("再発行しました"));
}

#[tokio::test]
async fn a_workspace_that_wants_the_download_only_gets_a_mail_that_says_how_many_and_where() {
    let env = with_system_administrators(1).await;
    env.change_connection(|it| it.settings.password_csv = PasswordCsv::NotAttached)
        .await;
    let (run_id, message) = run_with_passwords(&env).await;
    issue_of(&env, &run_id).await;
    deliver(&env, &message).await.unwrap();
    let mail = env.services.only_mail();
    assert!(mail.text().contains("/users/initial-passwords") && mail.text().contains("1名"));
    assert_eq!(mail.csv_rows(), [""; 0]);
}

#[tokio::test]
async fn passwords_that_can_no_longer_be_made_again_are_in_the_mail_whatever_the_setting_says() {
    let env = with_system_administrators(1).await;
    env.change_connection(|it| it.settings.password_csv = PasswordCsv::NotAttached)
        .await;
    let (_, message) = run_with_passwords(&env).await;
    deliver(&env, &message).await.unwrap();
    assert_eq!(env.services.only_mail().csv_rows().len(), 1);
}
