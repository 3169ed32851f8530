use std::{
    collections::HashMap,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Error, files};

/// The functions, by the names of their folders.
const FUNCTIONS: [&str; 9] = [
    "nightly-sync",
    "workspace-sync",
    "mail-delivery",
    "mail-feedback",
    "night-watch",
    "oauth-callback",
    "admin-api",
    "first-login",
    "provision",
];

/// The stack's name, and so the beginning of the functions' names.
pub(crate) const STACK: &str = "local";

/// From address of all mails.
const MAIL_FROM: &str = "no-reply@kitera.example";

/// The OAuth client that the product has at SmartHR.
pub(crate) const SMARTHR_CLIENT_ID: &str = "kitera-local";
/// Its secret.
pub(crate) const SMARTHR_CLIENT_SECRET: &str = "kitera-local-secret";

/// The deployed stack, by the outputs of its template.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Deployment {
    outputs: HashMap<String, String>,
}

/// What is told to the template; the rest is fixed.
#[derive(Debug, Serialize)]
pub(crate) struct Parameters {
    /// Address of the front.
    #[serde(rename = "PublicBaseUrl")]
    pub(crate) front: String,
    /// SmartHR's API, or its stand-in's.
    #[serde(rename = "SmartHrApiBaseUrl")]
    pub(crate) smarthr_api: String,
    /// SmartHR's OAuth, or its stand-in's.
    #[serde(rename = "SmartHrOauthBaseUrl")]
    pub(crate) smarthr_oauth: String,
    /// Address of ministack.
    #[serde(rename = "AwsEndpointUrl")]
    pub(crate) aws: String,
}

impl Deployment {
    /// Deploys `infra/template.yaml` and the binaries by `deploy.py`; blocks until that is done.
    ///
    /// # Errors
    /// A binary is missing, or the deployment failed (with what CloudFormation said).
    pub(crate) fn make(
        python: &Path,
        parameters: &Parameters,
        clock: &Path,
    ) -> Result<Self, Error> {
        let what = "deploying infra/template.yaml";
        let mut process = Command::new(python)
            .arg(files::root().join("infra/local/deploy.py"))
            // No proxies, no AWS profiles: this must only ever talk to ministack.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::io(what))?;
        if let Some(mut input) = process.stdin.take() {
            input
                .write_all(&order(parameters, clock)?)
                .map_err(Error::io(what))?;
        }
        let output = process.wait_with_output().map_err(Error::io(what))?;
        if !output.status.success() {
            let output = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(Error::Command { what, output });
        }
        serde_json::from_slice(&output.stdout).map_err(|error| Error::Malformed {
            what: "the stack's outputs",
            reason: error.to_string(),
        })
    }

    /// One of the template's outputs, such as `UsersTable`.
    ///
    /// # Errors
    /// The template has no such output.
    pub(crate) fn output(&self, name: &str) -> Result<&str, Error> {
        self.outputs
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| Error::Malformed {
                what: "the stack's outputs",
                reason: format!("no {name}"),
            })
    }
}

/// What `deploy.py` reads.
fn order(parameters: &Parameters, clock: &Path) -> Result<Vec<u8>, Error> {
    let binaries = files::binaries()?;
    for function in FUNCTIONS {
        let binary = binaries.join(function);
        if !fs::exists(&binary).unwrap_or(false) {
            return Err(Error::NotBuilt(binary));
        }
    }
    let mut all = json!({
        "Environment": "dev",
        "Architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" },
        "MailFrom": MAIL_FROM,
        "MailIdentity": MAIL_FROM,
        // Nights come when the runner says so.
        "ScheduleState": "DISABLED",
    });
    if let (Some(all), Ok(serde_json::Value::Object(given))) =
        (all.as_object_mut(), serde_json::to_value(parameters))
    {
        all.extend(given);
    }
    let order = json!({
        "endpoint": parameters.aws,
        "template": files::root().join("infra/template.yaml"),
        "binaries": binaries,
        "stack": STACK,
        "parameters": all,
        "mail_identity": MAIL_FROM,
        "smarthr_client": { "client_id": SMARTHR_CLIENT_ID, "client_secret": SMARTHR_CLIENT_SECRET },
        // In AWS, `LogFormat: JSON` of the template has the second one set.
        "environment": { "CLOCK_OFFSET_FILE": clock, "AWS_LAMBDA_LOG_FORMAT": "JSON" },
    });
    Ok(order.to_string().into_bytes())
}
