//! The page of users over 10,000 of them, while nothing changes and after a change.

use std::time::Duration;

use credentials::TokenHash;
use domain::{Role, UserId};
use jiff::SignedDuration;
use lambda::clock;
use serde_json::Value;
use storage::sessions::Session;
use testkit::{TestEnv, users};

use crate::Error;
use crate::environment::environment;
use crate::function::Function;
use crate::row::{Limit, Row, median_s};
use crate::rows::{TIMES, event, people};
use crate::synced_company::{FIFTEEN_MINUTES, SyncedCompany};

const PEOPLE: u32 = 10_000;
const PATIENCE: Duration = Duration::from_secs(30);

/// The rows.
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
        entered_from: None,
        others: Vec::new(),
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
    let mut page = event.clone();
    page["rawPath"] = "/users".into();
    page["rawQueryString"] = "q=1&sort=last_sign_in".into();
    page["queryStringParameters"] = serde_json::json!({"q": "1", "sort": "last_sign_in"});
    page["requestContext"]["http"]["path"] = "/users".into();
    console.invoke(&page, PATIENCE).await?;
    let rows = vec![
        measured(env, &mut console, &page, AfterAChange(false)).await?,
        measured(env, &mut console, &page, AfterAChange(true)).await?,
    ];
    for row in &rows {
        crate::table::print(row);
    }
    Ok(rows)
}

/// Whether a user is changed before each click.
#[derive(Clone, Copy)]
struct AfterAChange(bool);

/// Opens the page some times, searched and sorted.
async fn measured(
    env: &TestEnv,
    console: &mut Function,
    event: &Value,
    AfterAChange(changed): AfterAChange,
) -> Result<Row, Error> {
    let (mut times, mut cpus) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        if changed {
            env.change_user("usr_admin", |user| user.name.push('x'))
                .await;
        }
        env.proxy.restart(None);
        let page = console.invoke(event, PATIENCE).await?;
        if page.payload["statusCode"] != 200 {
            return Err(format!("no page: {}", page.payload).into());
        }
        times.push(page.wall);
        cpus.push(page.cpu);
    }
    let operations = env.proxy.by_operation();
    let reads = operations.get("DynamoDB_20120810.Query").copied();
    let wall_s = median_s(times);
    let (name, pages, milliseconds) = if changed {
        ("the same, after a change", 8, 1000.0)
    } else {
        ("a page of the users, warm", 0, 50.0)
    };
    Ok(Row {
        name: name.into(),
        people: PEOPLE as usize,
        requests: Some(env.proxy.calls()),
        cpu_s: Some(median_s(cpus)),
        wall_s: Some(wall_s),
        peak_mib: Some(console.peak_mib()?),
        limits: vec![
            Limit::count("pages read", reads.unwrap_or_default(), pages),
            Limit::measure("wall ms", wall_s * 1000.0, milliseconds),
        ],
        ..Row::default()
    })
}
