//! What `make run` shows: a workspace is provisioned and linked, a night passes, things happen in the
//! company, another night passes.

use std::time::Duration;

use jiff::{
    Timestamp, ToSpan,
    tz::{TimeZone, offset},
};
use local::{Error, Mail, Night, Stack};
use serde_json::{Value, json};

use crate::{admin::Admin, company::Company, employees};

/// The first システム管理者, who gets the password CSVs.
const ADMIN: [&str; 2] = ["kanri@aozora-shoji.example", "hashiru-neko-2026"];

/// How the nights go with the stand-in's company, counted by hand. The first: of 124 people three are
/// retired, ten fail, two have a code only. The second: who accepted stays, whose invitation ran out
/// is invited again, and see [`Company::has_a_busy_month`].
const EXPECTED: [&str; 2] = [
    "night: invited=109 registered=2 updated=0 deleted=0 failed=10 mails=111 csv=1",
    "night: invited=85 registered=2 updated=3 deleted=4 failed=9 mails=88 csv=1",
];

/// Who accepts the invitation in time, by number in the company.
const WHO_ACCEPTS: [u32; 21] = [
    1, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
];

/// Long enough for every resignation that the company knows of at the start.
const A_MONTH: Duration = Duration::from_hours(35 * 24);

/// Tells the story, and where to look.
///
/// # Errors
/// Something did not work as the story goes.
pub(crate) async fn tell(stack: &Stack) -> Result<(), Error> {
    let company = stack.smarthr_url().map(Company::at).transpose()?;
    let provisioned = stack.invoke("provision", workspace()).await?;
    println!(
        "workspace: {}",
        provisioned["workspace_id"].as_str().unwrap_or_default()
    );

    let admin = Admin::sign_in(stack.base_url(), ADMIN).await?;
    where_to_look(stack);
    if !admin.link(company.as_ref()).await? {
        return Ok(());
    }
    admin.save_settings().await?;

    let mut mails_before = stack.mails().await?.len();
    for expected in EXPECTED {
        stack
            .clock()
            .advance(until_two_in_japan(stack.clock().now()))?;
        let night = stack.night().await?;
        let mails = stack.mails().await?.split_off(mails_before);
        mails_before += mails.len();
        let told = summary(&night, &mails);
        println!("{told}");
        Admin::sign_in(stack.base_url(), ADMIN)
            .await?
            .print_failures()
            .await?;
        let Some(company) = &company else {
            continue;
        };
        if told != expected {
            return Err(Error::Malformed {
                what: "the night",
                reason: format!("expected {expected}"),
            });
        }
        if expected == EXPECTED[0] {
            let addresses = company.addresses(&WHO_ACCEPTS).await?;
            employees::accept(stack.base_url(), &mails, &addresses).await?;
            println!("\n{} people accept, and a month passes", addresses.len());
            company.has_a_busy_month().await?;
            stack.clock().advance(A_MONTH)?;
        }
    }
    Ok(())
}

/// What the operator orders.
fn workspace() -> Value {
    let [email, password] = ADMIN;
    json!({
        "name": "株式会社あおぞら商事",
        "company_code": "AOZORA",
        "seats": 200,
        "allowed_domains": ["aozora-shoji.example"],
        "sso_configured": false,
        "related_company_users": [],
        "system_administrator": { "name": "管理 花子", "email": email, "password": password },
    })
}

fn where_to_look(stack: &Stack) {
    let base = stack.base_url();
    let [email, password] = ADMIN;
    println!("console:   {base}/sign-in   {email} / {password}");
    println!("mails:     {base}/_local/mails");
    if let Some(smarthr) = stack.smarthr_url() {
        println!("SmartHR:   {smarthr}");
    }
    println!("log:       {}", stack.log().display());
    println!("time:      curl -X POST {base}/_local/clock --json '{{\"advance_seconds\":86400}}'");
    println!("night:     curl -X POST {base}/_local/night\n");
}

/// How long it is until it is 02:00 in Japan, which has no summer time.
fn until_two_in_japan(now: Timestamp) -> Duration {
    let here = now.to_zoned(TimeZone::fixed(offset(9)));
    let today = here.date().at(2, 0, 0, 0);
    let next = if here.datetime() < today {
        today
    } else {
        today.saturating_add(1.day())
    };
    let seconds = next.duration_since(here.datetime()).as_secs();
    Duration::from_secs(seconds.unsigned_abs() + 1)
}

/// One line about a night: what happened to people in all runs, and what was mailed.
fn summary(night: &Night, mails: &[Mail]) -> String {
    let csv = mails.iter().filter(|mail| !mail.attachments.is_empty());
    let (mails, csv) = (mails.len(), csv.count());
    let people = |what: &str| -> u64 {
        let runs = night.runs.iter();
        runs.filter_map(|run| run["counts"][what].as_u64()).sum()
    };
    format!(
        "night: invited={} registered={} updated={} deleted={} failed={} mails={mails} csv={csv}",
        people("invited"),
        people("registered"),
        people("updated"),
        people("deleted"),
        people("failed"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_is_told_in_one_line() {
        let counts =
            json!({ "invited": 3, "registered": 1, "updated": 0, "deleted": 2, "failed": 4 });
        let night = Night {
            now: Timestamp::UNIX_EPOCH,
            runs: vec![
                json!({ "counts": counts }),
                json!({ "counts": { "invited": 1 } }),
            ],
        };
        assert_eq!(
            summary(&night, &[]),
            "night: invited=4 registered=1 updated=0 deleted=2 failed=4 mails=0 csv=0"
        );
    }

    #[test]
    fn the_night_is_the_next_one_in_japan() {
        let before_midnight: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        assert_eq!(until_two_in_japan(before_midnight).as_secs(), 3 * 3600 + 1);
        let after_it_began: Timestamp = "2026-11-22T17:00:01Z".parse().unwrap();
        assert_eq!(until_two_in_japan(after_it_began).as_secs(), 24 * 3600);
    }
}
