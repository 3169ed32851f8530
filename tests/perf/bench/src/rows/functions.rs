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
use crate::row::{Limit, Row, median, median_ms};
use crate::rows::event;
use crate::synced_company::from_sqs;
use crate::tls::TlsEndpoint;

/// The number of starts of each function: many, because the numbers are small and the machine does other work.
const TIMES: usize = 11;

const MIB: f64 = 1024.0 * 1024.0;

/// Returns the functions, each with an event that makes as few calls to AWS as possible.
fn functions() -> Result<[(&'static str, Value); 11], Error> {
    let mail = json!({ "workspace_id": "ws_nobody", "mail_id": "none" });
    let run = json!({
        "workspace_id": "ws_nobody", "run_id": "20261123T170000Z-schedule",
        "trigger": "schedule", "mode": "apply",
    });
    Ok([
        ("nightly-sync", event("nightly")?),
        ("workspace-sync", from_sqs(&run)?),
        ("mail-delivery", from_sqs(&mail)?),
        ("mail-feedback", event("mail-feedback-bounce")?),
        ("night-watch", event("night-watch-mails")?),
        ("oauth-callback", event("oauth-callback")?),
        ("admin-api", event("admin-api-session")?),
        ("first-login", event("first-login-invitation")?),
        ("single-sign-on", event("single-sign-on")?),
        ("smarthr-webhook", event("smarthr-webhook")?),
        ("provision", event("provision")?),
    ])
}

/// The function that only starts, with which the others are compared.
const BARE: &str = "bare-function";

/// A row for each function.
pub(crate) async fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    let mut bare_ms = None;
    for (name, event) in [(BARE, Value::Null)].into_iter().chain(functions()?) {
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
        let bare = *bare_ms.get_or_insert(init);
        let row = Row {
            name: format!("function {name}"),
            peak_mib: Some(median(peaks)),
            init_cpu_ms: Some(init),
            init_of_bare: Some(init / bare),
            first_cpu_ms: Some(first),
            zip_mib: Some(zip),
            limits: vec![
                Limit::measure("ready × bare", init / bare, 4.5),
                Limit::measure("first × bare", first / bare, 4.5),
                Limit::measure("zip MB", zip * MIB / 1e6, 6.5),
            ],
            ..Row::default()
        };
        crate::table::print(&row);
        rows.push(row);
    }
    Ok(rows)
}

/// Starts a function with AWS behind TLS.
async fn started(name: &str, env: &TestEnv) -> Result<Function, Error> {
    let aws = env.sdk.endpoint_url().unwrap_or_default();
    let aws = aws.trim_start_matches("http://").to_owned();
    let tls = TlsEndpoint::open(aws, &std::env::temp_dir()).await?;
    let mut environment = environment(env);
    // Of two values of a variable the later one counts.
    environment.push(("AWS_ENDPOINT_URL", tls.url));
    environment.push(("AWS_CA_BUNDLE", tls.roots.display().to_string()));
    Function::start(name, &environment).await
}

/// Returns the size of the binary in a zip.
#[expect(clippy::cast_precision_loss, reason = "no binary is that large")]
fn zip_mib(name: &str) -> Result<f64, Error> {
    let binary = std::fs::read(binary(name)?)?;
    let mut zip = DeflateEncoder::new(Vec::new(), Compression::best());
    zip.write_all(&binary)?;
    Ok(zip.finish()?.len() as f64 / MIB)
}
