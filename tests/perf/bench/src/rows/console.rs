//! A page of the console's list over 10,000 users.

use std::time::Duration;

use credentials::TokenHash;
use lambda::clock;
use storage::sessions::Session;
use domain::{Role, UserId};
use serde_json::Value;

use crate::Error;
use crate::environment::environment;
use crate::function::Function;
use crate::office::{FIFTEEN_MINUTES, Office, in_hours};
use crate::row::{Limit, Row, median_s};
use crate::rows::{TIMES, people};

const PEOPLE: u32 = 10_000;

/// The row.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut office = Office::open(people(PEOPLE), None).await?;
    office.night(FIFTEEN_MINUTES).await?;
    let env = &office.env;
    let event: Value =
        serde_json::from_str(include_str!("../../../../../events/admin-api-users.json"))?;
    env
        .add_by_hand(
            "usr_admin",
            Some("admin@example.jp"),
            None,
            Role::Administrator,
        )
        .await?;
    let cookie = event["cookies"][0].as_str().unwrap_or_default();
    let (_, token) = cookie.split_once('=').ok_or("the event has no session")?;
    let session = Session {
        workspace_id: env.workspace.workspace_id.clone(),
        user_id: UserId::new("usr_admin"),
        created_at: clock::now(),
        last_seen_at: clock::now(),
        epoch: 0,
        csrf: "csrf".into(),
        must_replace_password: false,
    };
    let hash = TokenHash::of(&token.to_owned().into());
    env
        .store
        .put_session(hash.as_str(), &session, in_hours(1))
        .await?;

    let mut console = Function::start("admin-api", &environment(env)).await?;
    console.invoke(&event, Duration::from_secs(30)).await?;
    let (mut times, mut cpus) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        env.tap.restart(None);
        let page = console.invoke(&event, Duration::from_secs(30)).await?;
        if page.payload["statusCode"] != 200 {
            return Err(format!("no page: {}", page.payload).into());
        }
        times.push(page.wall);
        cpus.push(page.cpu);
    }
    let operations = env.tap.by_operation();
    let reads = operations.get("DynamoDB_20120810.Query").copied();
    let wall_s = median_s(times);
    let row = Row {
        name: "a page of the users, function warm".into(),
        people: PEOPLE as usize,
        requests: Some(env.tap.calls()),
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
