//! What `make run` shows: a workspace is provisioned and linked, a night passes, things happen in the
//! company, another night passes, and then nine more.

use std::time::Duration;

use local::{Error, Stack};
use serde_json::{Value, json};

use crate::admin::{ADMIN, Admin};
use crate::company::Company;
use crate::nights::Nights;
use crate::{employees, weeks};

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

/// Who signs in as a メンバー, by number in the company; one of those.
const MEMBER: u32 = 23;

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

    let mut nights = Nights::from_now(stack).await?;
    let Some(company) = company else {
        nights.next(None).await?;
        return Ok(());
    };
    let mails = nights.next(Some(EXPECTED[0])).await?;
    let addresses = company.addresses(&WHO_ACCEPTS).await?;
    employees::accept(stack.base_url(), &mails, &addresses).await?;
    println!("\n{} people accept, and a month passes", addresses.len());
    company.has_a_busy_month().await?;
    stack.clock().advance(A_MONTH)?;
    let mails = nights.next(Some(EXPECTED[1])).await?;
    weeks::pass(stack, &mut nights, &company, mails).await?;

    company.has_an_ordinary_day().await?;
    let preview = Admin::sign_in(stack.base_url(), ADMIN)
        .await?
        .preview()
        .await?;
    let member = company.addresses(&[MEMBER]).await?.concat();
    where_to_sign_in(stack, &member, &preview);
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

/// Who can sign in, and what waits for them.
fn where_to_sign_in(stack: &Stack, member: &str, preview: &str) {
    let base = stack.base_url();
    let [email, password] = ADMIN;
    println!("\nconsole:   {base}/sign-in");
    println!("           システム管理者  {email} / {password}");
    println!(
        "           メンバー        {member} / {}",
        employees::PASSWORD
    );
    println!("history:   {base}/settings/smarthr/history");
    println!("preview:   {base}{preview}");
}
