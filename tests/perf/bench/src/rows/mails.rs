//! Mails to the admins of a company of 100,000 people: about a night that failed, and with the initial passwords of
//! ten.

use std::time::Duration;

use domain::{MailKind, OutboxMail, RunFailure, RunId, User};
use lambda::clock;
use storage::queues::MailMessage;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use testkit::{TestEnv, users};

use crate::Error;
use crate::environment::environment;
use crate::function::Function;
use crate::row::{Limit, Row};
use crate::rows::COUNTS_ONLY;
use crate::synced_company::{FIFTEEN_MINUTES, SyncedCompany, from_sqs};

const PEOPLE: usize = if COUNTS_ONLY { 1_000 } else { 100_000 };

/// Those who are registered by the night.
const REGISTERED: u32 = 10;

/// A transaction has 100 items: the seats, and two for each person (user, code).
const IN_ONE_TRANSACTION: usize = 49;

const PATIENCE: Duration = Duration::from_mins(1);

/// The rows.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let crews = (0..REGISTERED).map(testkit::code_only).collect();
    let mut company = SyncedCompany::open(crews, None).await?;
    add_people(&company.env).await?;
    let admin = users::system_administrator("usr_admin");
    company.env.add_user(admin).await;
    let night = company.nightly_run(FIFTEEN_MINUTES).await?;
    let [passwords] = night.mails.as_slice() else {
        return Err(format!("{} mails were queued", night.mails.len()).into());
    };
    let passwords = serde_json::from_str(passwords)?;
    let failed = failed_run(&company.env, night.run.run_id).await?;
    let rows = vec![
        // Who is an admin.
        delivered(&company.env, "a mail about a failed night", &failed, 1, 12).await?,
        // Besides, whom the run registered.
        delivered(&company.env, "ten initial passwords", &passwords, 2, 18).await?,
    ];
    for row in &rows {
        crate::table::print(row);
    }
    Ok(rows)
}

/// Adds people by hand, who have passwords and no address.
async fn add_people(env: &TestEnv) -> Result<(), Error> {
    let numbers: Vec<usize> = (0..PEOPLE).collect();
    for some in numbers.chunks(IN_ONE_TRANSACTION) {
        let commit = Commit {
            users: some.iter().map(|number| create(*number)).collect(),
            seats: u32::MAX,
            ..Commit::default()
        };
        let id = &env.workspace.workspace_id;
        env.store.commit(id, &commit, clock::now()).await?;
    }
    Ok(())
}

fn create(number: usize) -> UserWrite {
    let after: User = users::by_code(&format!("usr_{number}"), &format!("hand-{number}"));
    UserWrite::Create {
        after,
        hashes: CredentialHashChanges::default(),
    }
}

/// Puts the mail about a run that failed into the outbox.
async fn failed_run(env: &TestEnv, run_id: RunId) -> Result<MailMessage, Error> {
    let kind = MailKind::FailedRun {
        run_id,
        failure: Some(RunFailure::SmartHrDown),
        failed: 0,
    };
    let mail = OutboxMail::new(kind, clock::now());
    let workspace_id = env.workspace.workspace_id.clone();
    env.store.put_mail_once(&workspace_id, &mail).await?;
    Ok(MailMessage {
        workspace_id,
        mail_id: mail.mail_id,
    })
}

/// Delivers a mail in a new process.
async fn delivered(
    env: &TestEnv,
    name: &str,
    message: &MailMessage,
    queries: usize,
    requests: usize,
) -> Result<Row, Error> {
    let mails_before = env.services.mails().len();
    env.proxy.restart(None);
    let mut delivery = Function::start("mail-delivery", &environment(env)).await?;
    let invoked = delivery.invoke(&from_sqs(message)?, PATIENCE).await?;
    if env.services.mails().len() != mails_before + 1 {
        return Err(format!("no mail: {}", invoked.payload).into());
    }
    let operations = env.proxy.by_operation();
    let read = operations.get("DynamoDB_20120810.Query").copied();
    let mut row = Row {
        name: format!("{name}, to admins"),
        people: PEOPLE,
        requests: Some(env.proxy.calls()),
        cpu_s: Some(invoked.cpu.as_secs_f64()),
        wall_s: Some(invoked.wall.as_secs_f64()),
        peak_mib: Some(delivery.peak_mib()?),
        operations,
        ..Row::default()
    };
    row.limits = vec![
        Limit::count("pages read", read.unwrap_or_default(), queries),
        row.requests_at_most(requests),
        row.wall_s_at_most(1.0),
    ];
    Ok(row)
}
