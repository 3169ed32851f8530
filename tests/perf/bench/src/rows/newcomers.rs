//! 10,000 new people in one night: by e-mail, and by employee code with the CSV.

use std::time::Duration;

use domain::Role;

use crate::Error;
use crate::environment::environment;
use crate::function::Function;
use crate::office::{FIFTEEN_MINUTES, Night, Office, from_sqs};
use crate::row::{Limit, Row};
use crate::rows::unchanged::row_of;
use crate::rows::{DELAY, TIMES, people};

const PEOPLE: u32 = 10_000;

/// A transaction holds 100 items: the gate, the rows of the log, and four of each person (user,
/// address, code, mail).
const STEPS_BY_MAIL: usize = 417;

/// Two of each person (user, code).
const STEPS_BY_CODE: usize = 205;

/// Requests that have nothing to do with the number of people.
const AROUND: usize = 15;

/// Both rows.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut nights = Vec::new();
    for _ in 0..TIMES {
        let mut office = Office::open(people(PEOPLE), None).await?;
        office.env.tap.delay(DELAY);
        let night = office.night(FIFTEEN_MINUTES).await?;
        if night.mails.len() != PEOPLE as usize {
            return Err(format!("{} mails were asked for", night.mails.len()).into());
        }
        nights.push(night);
    }
    let mut by_mail = row_of("new by e-mail, 20 ms a call", PEOPLE as usize, &nights);
    by_mail.limits = vec![
        // The pages, the steps, and ten mails a message.
        Limit::count(
            "requests",
            by_mail.requests.unwrap_or_default(),
            100 + STEPS_BY_MAIL + 1_000 + AROUND,
        ),
        Limit::count(
            "user writes",
            by_mail.user_writes.unwrap_or_default(),
            10_000,
        ),
        Limit::measure("wall s", by_mail.wall_s.unwrap_or_default(), 20.0),
    ];
    crate::table::print(&by_mail);

    let mut nights = Vec::new();
    for _ in 0..TIMES {
        nights.push(by_code().await?);
    }
    let mut by_code = row_of(
        "new by code, with the CSV's delivery",
        PEOPLE as usize,
        &nights,
    );
    by_code.limits = vec![
        Limit::count(
            "requests",
            by_code.requests.unwrap_or_default(),
            100 + STEPS_BY_CODE + AROUND,
        ),
        Limit::count(
            "user writes",
            by_code.user_writes.unwrap_or_default(),
            10_000,
        ),
        Limit::measure("wall s", by_code.wall_s.unwrap_or_default(), 40.0),
    ];
    crate::table::print(&by_code);
    Ok(vec![by_mail, by_code])
}

/// A night of people without addresses, and the mail with their initial passwords. Requests are
/// those of the night.
async fn by_code() -> Result<Night, Error> {
    let crews = (0..PEOPLE).map(testkit::code_only).collect();
    let mut office = Office::open(crews, None).await?;
    let admin = ("usr_admin", Some("admin@example.jp"));
    office
        .env
        .add_by_hand(admin.0, admin.1, None, Role::SystemAdministrator)
        .await?;
    let mut night = office.night(FIFTEEN_MINUTES).await?;
    night.user_writes -= 1;
    let mut delivery = Function::start("mail-delivery", &environment(&office.env)).await?;
    for mail in &night.mails {
        let mail: serde_json::Value = serde_json::from_str(mail)?;
        let event = from_sqs(&mail)?;
        let delivered = delivery.invoke(&event, Duration::from_mins(1)).await?;
        night.wall += delivered.wall;
    }
    night.cpu += delivery.cpu()?;
    night.peak_mib = night.peak_mib.max(delivery.peak_mib()?);
    match office.env.services.mails().as_slice() {
        [csv] if csv.len() > 500_000 => Ok(night),
        mails => Err(format!("{} mails, none with all passwords", mails.len()).into()),
    }
}
