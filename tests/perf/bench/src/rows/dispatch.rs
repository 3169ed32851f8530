//! 02:00 for 10,000 workspaces.

use std::time::Duration;

use domain::WorkspaceId;
use serde_json::json;
use testkit::TestEnv;

use crate::Error;
use crate::environment::environment;
use crate::function::Function;
use crate::row::{Limit, Row, median, median_s};
use crate::rows::{DELAY, TIMES};

const WORKSPACES: usize = 10_000;

/// The row.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let env = TestEnv::new(1, None).await;
    let connection = env.connection().await;
    for number in 1..WORKSPACES {
        let mut connection = connection.clone();
        connection.version = 0;
        let id = WorkspaceId::new(format!("ws_{number:032x}"));
        env.store.put_connection(&id, &mut connection).await?;
    }
    env.proxy.delay(DELAY);
    let (mut times, mut cpus, mut peaks) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        env.proxy.restart(None);
        let mut nightly = Function::start("nightly-sync", &environment(&env)).await?;
        let event = json!({ "scheduled_at": lambda::clock::now() });
        let invoked = nightly.invoke(&event, Duration::from_mins(1)).await?;
        let messages = std::iter::from_fn(|| env.services.take_message()).count();
        if messages != WORKSPACES {
            return Err(format!("{messages} workspaces were dispatched").into());
        }
        times.push(invoked.wall);
        cpus.push(nightly.cpu()?);
        peaks.push(nightly.peak_mib()?);
    }
    let requests = env.proxy.calls();
    let wall_s = median_s(times);
    let row = Row {
        name: "workspaces dispatched, 20 ms a call".into(),
        people: WORKSPACES,
        requests: Some(requests),
        cpu_s: Some(median_s(cpus)),
        wall_s: Some(wall_s),
        peak_mib: Some(median(peaks)),
        limits: vec![
            Limit::count("requests", requests, 1_100),
            Limit::measure("wall s", wall_s, 20.0),
        ],
        ..Row::default()
    };
    crate::table::print(&row);
    Ok(vec![row])
}
