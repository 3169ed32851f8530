//! 10,000 new people in one run: by e-mail, and by employee code with the CSV.

use std::time::Duration;

use testkit::users;

use crate::Error;
use crate::environment::environment;
use crate::function::Function;
use crate::row::Row;
use crate::rows::unchanged::row_of;
use crate::rows::{DELAY, TIMES, people};
use crate::synced_company::{FIFTEEN_MINUTES, NightlyRun, SyncedCompany, from_sqs};

const PEOPLE: u32 = 10_000;

/// A transaction has 100 items: seats and lease, the rows of the log, and four for each person (user, address, code,
/// mail).
const STEPS_BY_MAIL: usize = 417;

/// As above, with two items for each person (user, code).
const STEPS_BY_CODE: usize = 205;

/// The requests that do not depend on the number of people; five of them register the webhook, in the first night only.
const FIXED: usize = 20;

/// Both rows.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut nights = Vec::new();
    for _ in 0..TIMES {
        let mut company = SyncedCompany::open(people(PEOPLE), None).await?;
        company.env.proxy.delay(DELAY);
        let night = company.nightly_run(FIFTEEN_MINUTES).await?;
        if night.mails.len() != PEOPLE as usize {
            return Err(format!("{} mails were queued", night.mails.len()).into());
        }
        nights.push(night);
    }
    let mut by_mail = row_of("new by e-mail, 20 ms a call", PEOPLE as usize, &nights);
    by_mail.limits = vec![
        // The pages, the steps, and a message for every ten mails.
        by_mail.requests_at_most(100 + STEPS_BY_MAIL + 1_000 + FIXED),
        by_mail.writes_at_most(10_000),
        by_mail.wall_s_at_most(20.0),
    ];
    crate::table::print(&by_mail);

    let mut nights = Vec::new();
    for _ in 0..TIMES {
        nights.push(by_code(PEOPLE).await?);
    }
    let mut by_code = row_of(
        "new by code, with the CSV's delivery",
        PEOPLE as usize,
        &nights,
    );
    by_code.limits = vec![
        by_code.requests_at_most(100 + STEPS_BY_CODE + FIXED),
        by_code.writes_at_most(10_000),
        by_code.wall_s_at_most(40.0),
    ];
    crate::table::print(&by_code);
    Ok(vec![by_mail, by_code])
}

/// Registers people without addresses and delivers the mail with their initial passwords. The requests are those of
/// the run.
pub(crate) async fn by_code(people: u32) -> Result<NightlyRun, Error> {
    let crews = (0..people).map(testkit::code_only).collect();
    let mut company = SyncedCompany::open(crews, None).await?;
    let admin = users::system_administrator("usr_admin");
    company.env.add_user(admin).await;
    let mut night = company.nightly_run(FIFTEEN_MINUTES).await?;
    night.user_writes -= 1;
    let mut delivery = Function::start("mail-delivery", &environment(&company.env)).await?;
    for mail in &night.mails {
        let mail: serde_json::Value = serde_json::from_str(mail)?;
        let event = from_sqs(&mail)?;
        let delivered = delivery.invoke(&event, Duration::from_mins(1)).await?;
        night.wall += delivered.wall;
    }
    night.cpu += delivery.cpu()?;
    night.peak_mib = night.peak_mib.max(delivery.peak_mib()?);
    // Passwords of about 40,000 people fit into one mail.
    let mails = company.env.services.mails();
    let bytes: usize = mails.iter().map(|mail| mail.raw.len()).sum();
    if bytes > 50 * people as usize {
        Ok(night)
    } else {
        Err(format!("{} mails without all passwords", mails.len()).into())
    }
}
