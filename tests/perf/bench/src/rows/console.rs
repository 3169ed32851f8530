//! A page of the console's list over 10,000 users.

use std::time::Duration;

use credentials::TokenHash;
use domain::{Role, UserId};
use jiff::SignedDuration;
use lambda::clock;
use storage::sessions::Session;
use testkit::users;

use crate::Error;
use crate::environment::environment;
use crate::function::Function;
use crate::row::{Limit, Row, median_s};
use crate::rows::{TIMES, event, people};
use crate::synced_company::{FIFTEEN_MINUTES, SyncedCompany};

const PEOPLE: u32 = 10_000;

/// The row.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut company = SyncedCompany::open(people(PEOPLE), None).await?;
    company.nightly_run(FIFTEEN_MINUTES).await?;
    let env = &company.env;
    let event = event("admin-api-users")?;
    let admin = users::active("usr_admin", Role::Administrator);
    env.add_user(admin).await;
    let cookie = event["cookies"][0].as_str().unwrap_or_default();
    let (_, token) = cookie.split_once('=').ok_or("the event has no session")?;
    let session = Session {
        workspace_id: env.workspace.workspace_id.clone(),
        user_id: UserId::new("usr_admin"),
        created_at: clock::now(),
        confirmed_at: None,
        last_seen_at: clock::now(),
        epoch: 0,
        csrf: "csrf".into(),
        must_replace_password: false,
        awaits: None,
        ends_by: None,
        browser: String::new(),
    };
    let hash = TokenHash::of(&token.to_owned().into());
    let expires_at = clock::now() + SignedDuration::from_hours(1);
    let put = env.store.put_session(hash.as_str(), &session, expires_at);
    put.await?;

    let mut console = Function::start("admin-api", &environment(env)).await?;
    console.invoke(&event, Duration::from_secs(30)).await?;
    let (mut times, mut cpus) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        env.proxy.restart(None);
        let page = console.invoke(&event, Duration::from_secs(30)).await?;
        if page.payload["statusCode"] != 200 {
            return Err(format!("no page: {}", page.payload).into());
        }
        times.push(page.wall);
        cpus.push(page.cpu);
    }
    let operations = env.proxy.by_operation();
    let reads = operations.get("DynamoDB_20120810.Query").copied();
    let wall_s = median_s(times);
    let row = Row {
        name: "a page of the users, function warm".into(),
        people: PEOPLE as usize,
        requests: Some(env.proxy.calls()),
        cpu_s: Some(median_s(cpus)),
        wall_s: Some(wall_s),
        peak_mib: Some(console.peak_mib()?),
        limits: vec![
            Limit::count("pages read", reads.unwrap_or_default(), 1),
            Limit::measure("wall ms", wall_s * 1000.0, 50.0),
        ],
        ..Row::default()
    };
    crate::table::print(&row);
    Ok(vec![row])
}
