//! Deploys the template and the functions' binaries, by `deploy.py`.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Error, folders};

/// The names of the functions, which are those of their folders.
const FUNCTIONS: [&str; 12] = [
    "nightly-sync",
    "workspace-sync",
    "mail-delivery",
    "mail-feedback",
    "night-watch",
    "oauth-callback",
    "admin-api",
    "first-login",
    "single-sign-on",
    "smarthr-webhook",
    "provision",
    "erase-person",
];

/// The stack's name, which is the prefix of the functions' names.
pub(crate) const STACK: &str = "local";

/// The From address of all mails.
const MAIL_FROM: &str = "no-reply@kitera.example";

/// The id of the product's OAuth client at SmartHR.
pub(crate) const SMARTHR_CLIENT_ID: &str = "kitera-local";
/// The secret of that client.
pub(crate) const SMARTHR_CLIENT_SECRET: &str = "kitera-local-secret";

/// The deployed stack, as the outputs of its template.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Deployment {
    outputs: HashMap<String, String>,
}

/// The template's parameters that differ from stack to stack.
#[derive(Debug, Serialize)]
pub(crate) struct Parameters {
    /// The address of the product, without a trailing slash.
    #[serde(rename = "PublicBaseUrl")]
    pub(crate) public_base_url: String,
    /// The address of SmartHR's API, or of its stand-in.
    #[serde(rename = "SmartHrApiBaseUrl")]
    pub(crate) smarthr_api: String,
    /// The address of SmartHR's OAuth, or of its stand-in.
    #[serde(rename = "SmartHrOauthBaseUrl")]
    pub(crate) smarthr_oauth: String,
    /// The address of ministack, for `AWS_ENDPOINT_URL`.
    #[serde(rename = "AwsEndpointUrl")]
    pub(crate) aws: String,
}

impl Deployment {
    /// Deploys `infra/template.yaml` and the binaries with `deploy.py`. Blocks until the deployment is
    /// finished.
    ///
    /// # Errors
    /// A binary is missing, or the deployment failed (with CloudFormation's reasons).
    pub(crate) fn make(
        python: &Path,
        parameters: &Parameters,
        clock: &Path,
    ) -> Result<Self, Error> {
        let what = "deploying infra/template.yaml";
        let mut process = Command::new(python)
            .arg(folders::root().join("infra/local/deploy.py"))
            // No proxies and no AWS profiles: the deployment must only ever talk to ministack.
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

    /// Returns one of the template's outputs, such as `UsersTable`.
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

/// Returns the input of `deploy.py`.
fn order(parameters: &Parameters, clock: &Path) -> Result<Vec<u8>, Error> {
    let binaries = folders::binaries()?;
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
        // Nights run on request only.
        "ScheduleState": "DISABLED",
        "SsoProviders": "local",
        "ChatWebhooks": "local",
    });
    if let (Some(all), Ok(serde_json::Value::Object(parameters))) =
        (all.as_object_mut(), serde_json::to_value(parameters))
    {
        all.extend(parameters);
    }
    let order = json!({
        "endpoint": parameters.aws,
        "template": folders::root().join("infra/template.yaml"),
        "binaries": binaries,
        "stack": STACK,
        "parameters": all,
        "mail_identity": MAIL_FROM,
        "smarthr_client": { "client_id": SMARTHR_CLIENT_ID, "client_secret": SMARTHR_CLIENT_SECRET },
        // In AWS, the template's `LogFormat: JSON` sets the second variable.
        "environment": { "CLOCK_OFFSET_FILE": clock, "AWS_LAMBDA_LOG_FORMAT": "JSON" },
    });
    Ok(order.to_string().into_bytes())
}
