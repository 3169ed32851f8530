//! Each function's artefact: CPU until it is ready, CPU of its first request over TLS, its size.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Value, json};
use testkit::TestEnv;

use crate::Error;
use crate::environment::environment;
use crate::function::{Function, binary};
use crate::office::from_sqs;
use crate::row::{Limit, Row, median, median_ms};
use crate::tls::TlsDoor;

/// How often each function is started: these numbers are small, and others run beside us.
const TIMES: usize = 11;

const MIB: f64 = 1024.0 * 1024.0;

/// The functions, each with an event that asks AWS for as little as there is.
fn functions() -> Result<[(&'static str, Value); 9], Error> {
    let nobodys = json!({ "workspace_id": "ws_nobody", "mail_id": "none" });
    let nobodys_run = json!({
        "workspace_id": "ws_nobody", "run_id": "20261123T170000Z-schedule",
        "trigger": "schedule", "mode": "apply",
    });
    let file = |text: &str| serde_json::from_str::<Value>(text);
    Ok([
        (
            "nightly-sync",
            file(include_str!("../../../../../events/nightly.json"))?,
        ),
        ("workspace-sync", from_sqs(&nobodys_run)?),
        ("mail-delivery", from_sqs(&nobodys)?),
        (
            "mail-feedback",
            file(include_str!("../../../../../events/mail-feedback-bounce.json"))?,
        ),
        (
            "night-watch",
            file(include_str!("../../../../../events/night-watch-mails.json"))?,
        ),
        (
            "oauth-callback",
            file(include_str!("../../../../../events/oauth-callback.json"))?,
        ),
        (
            "admin-api",
            file(include_str!("../../../../../events/admin-api-session.json"))?,
        ),
        (
            "first-login",
            file(include_str!(
                "../../../../../events/first-login-invitation.json"
            ))?,
        ),
        (
            "provision",
            file(include_str!("../../../../../events/provision.json"))?,
        ),
    ])
}

/// A row for each.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (name, event) in functions()? {
        let (mut init, mut first, mut peaks) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TIMES {
            let env = TestEnv::new(1, None).await;
            let mut function = started(name, &env).await?;
            let invoked = function.invoke(&event, Duration::from_secs(30)).await?;
            init.push(function.init_cpu);
            first.push(invoked.cpu);
            peaks.push(function.peak_mib()?);
        }
        let (init, first, zip) = (median_ms(init), median_ms(first), zip_mib(name)?);
        let row = Row {
            name: format!("function {name}"),
            peak_mib: Some(median(peaks)),
            init_cpu_ms: Some(init),
            first_cpu_ms: Some(first),
            zip_mib: Some(zip),
            limits: vec![
                Limit::measure("ready ms", init, 6.0),
                Limit::measure("first ms", first, 4.0),
                Limit::measure("zip MB", zip * MIB / 1e6, 4.0),
            ],
            ..Row::default()
        };
        crate::table::print(&row);
        rows.push(row);
    }
    Ok(rows)
}

/// The function, ready, with AWS behind TLS.
async fn started(name: &str, env: &TestEnv) -> Result<Function, Error> {
    let door = env.sdk.endpoint_url().unwrap_or_default();
    let beyond = door.trim_start_matches("http://").to_owned();
    let door = TlsDoor::open(beyond, &std::env::temp_dir()).await?;
    let mut environment = environment(env);
    for (name, value) in &mut environment {
        if *name == "AWS_ENDPOINT_URL" {
            value.clone_from(&door.url);
        }
    }
    let roots = door.roots.display().to_string();
    environment.push(("AWS_CA_BUNDLE", roots));
    Function::start(name, &environment).await
}

/// What the binary measures in a zip.
#[expect(clippy::cast_precision_loss, reason = "no binary is that large")]
fn zip_mib(name: &str) -> Result<f64, Error> {
    let binary = std::fs::read(binary(name)?)?;
    let mut zip = DeflateEncoder::new(Vec::new(), Compression::best());
    zip.write_all(&binary)?;
    Ok(zip.finish()?.len() as f64 / MIB)
}
