//! What `make run` shows: a workspace is provisioned and linked, a night passes, things happen in the
//! company, another night passes.

use std::time::Duration;

use jiff::{
    Timestamp, ToSpan,
    tz::{TimeZone, offset},
};
use local::{Error, Night, Stack};
use serde_json::{Value, json};

use crate::{admin::Admin, company::Company};

/// The first システム管理者, who gets the password CSVs.
const ADMIN: [&str; 2] = ["kanri@aozora-shoji.example", "hashiru-neko-2026"];

/// Tells the story, and where to look.
///
/// # Errors
/// Something did not work as the story goes.
pub(crate) async fn tell(stack: &Stack) -> Result<(), Error> {
    let company = stack.smarthr_url().map(Company::at).transpose()?;
    let provisioned = stack.invoke("provision", workspace()).await?;
    println!("workspace: {}", provisioned["workspace_id"]);

    let admin = Admin::sign_in(stack.base_url(), ADMIN).await?;
    where_to_look(stack);
    if !admin.link(company.as_ref()).await? {
        return Ok(());
    }
    admin.save_settings().await?;

    let mut mails_before = stack.mails().await?.len();
    for night in 0..2 {
        if let Some(company) = company.as_ref().filter(|_| night == 1) {
            company.has_a_busy_day().await?;
        }
        stack
            .clock()
            .advance(until_two_in_japan(stack.clock().now()))?;
        let night = stack.night().await?;
        let mails = stack.mails().await?.split_off(mails_before);
        mails_before += mails.len();
        let csv = mails
            .iter()
            .filter(|mail| !mail.attachments.is_empty())
            .count();
        println!("{}", summary(&night, mails.len(), csv));
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
fn summary(night: &Night, mails: usize, csv: usize) -> String {
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
            summary(&night, 5, 1),
            "night: invited=4 registered=1 updated=0 deleted=2 failed=4 mails=5 csv=1"
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
