//! `sam local invoke`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use local::Stack;
use serde_json::{Value, json};

use crate::tools::{as_operator, aws, binaries, root, run};
use crate::{CapturedMessages, port_forward, sample_event};

/// The variables whose values are addresses on this machine.
const ADDRESSES: [&str; 3] = [
    "AWS_ENDPOINT_URL",
    "SMARTHR_API_BASE_URL",
    "SMARTHR_OAUTH_BASE_URL",
];

/// The processor of this machine, as the template calls it.
const ARCHITECTURE: &str = if cfg!(target_arch = "aarch64") {
    "arm64"
} else {
    "x86_64"
};

/// The functions of a stack, as `sam local invoke` starts them. `samconfig.toml` names the files that it needs.
pub struct Sam {
    /// The template with the binaries of a debug build.
    template: PathBuf,
    /// The file for `--env-vars`: the deployed functions' variables, with addresses as containers see them.
    environment: PathBuf,
    invoked: Vec<String>,
}

impl Sam {
    /// Prepares the functions of `stack`, whose messages go to [`CapturedMessages`].
    pub async fn of(stack: &Stack) -> Self {
        let mut captured = json!({ "MAIL_QUEUE_URL": CapturedMessages::mails(stack).url() });
        for runs in ["SYNC_QUEUE_URL", "MANUAL_SYNC_QUEUE_URL"] {
            captured[runs] = CapturedMessages::runs(stack).url().into();
        }
        Self::prepare(stack.aws_endpoint(), &captured).await
    }

    /// Prepares the functions of the stack that `make run` started, whose stand-in for AWS is at `endpoint`.
    pub async fn at(endpoint: &str) -> Self {
        Self::prepare(endpoint, &json!({})).await
    }

    /// Prepares the functions of the stack at `endpoint`, with these variables in place of their own.
    async fn prepare(endpoint: &str, instead: &Value) -> Self {
        let host = std::env::var("SAM_LOCAL_HOST").expect("docker.sh sets it: use make sam-local");
        let folder = root().join("target/sam-local");
        let template = fs::read_to_string(root().join("infra/template.yaml")).unwrap();
        let code = "CodeUri: ../functions/";
        let (mut variables, mut ports) = (json!({}), Vec::new());
        for function in template.split(code).skip(1) {
            let function = function.split('/').next().unwrap();
            let task = folder.join("code").join(function);
            fs::create_dir_all(&task).unwrap();
            fs::copy(binaries().join(function), task.join("bootstrap")).unwrap();
            let deployed = deployed_variables(endpoint, function).await;
            let mut inside = as_containers_see(&deployed, &host, &task);
            for (name, value) in instead.as_object().unwrap() {
                inside[name] = value.clone();
            }
            variables[logical_id(function)] = inside;
            ports.extend(ADDRESSES.map(|name| port_of(&deployed, name)));
        }
        ports.sort_unstable();
        ports.dedup();
        for port in ports {
            port_forward::open(&host, port).await;
        }
        let sam = Self {
            template: folder.join("template.yaml"),
            environment: folder.join("env-vars.json"),
            invoked: Vec::new(),
        };
        let template = template.replace(code, "CodeUri: code/");
        // The binaries are those of this machine.
        let template = template.replace("Default: arm64", &format!("Default: {ARCHITECTURE}"));
        fs::write(&sam.template, template).unwrap();
        fs::write(&sam.environment, variables.to_string()).unwrap();
        sam
    }

    /// Invokes a function with a sample event in which made-up values are replaced by real ones: `(made up, real)`.
    ///
    /// # Panics
    /// As [`Sam::invoke`]; or there is no such event, or it does not have one of the made-up values.
    pub async fn send(&mut self, function: &str, event: &str, real: &[(&str, &str)]) -> Value {
        self.invoke(function, &sample_event(event, real)).await
    }

    /// Invokes the function of this name in the template, such as `NightlySync`, and returns its answer.
    ///
    /// # Panics
    /// There is no answer within two minutes, or the function fails; the message has SAM's output.
    pub async fn invoke(&mut self, function: &str, event: &Value) -> Value {
        self.invoked.push(function.to_owned());
        let file = self.template.with_file_name("event.json");
        fs::write(&file, event.to_string()).unwrap();
        let output = self.output(function, &file).await;
        let errors = String::from_utf8_lossy(&output.stderr);
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{function} returned no answer: {error}\n{errors}"));
        let failed = answer.get("errorType").is_some();
        assert!(!failed, "{function}: {answer}\n{errors}");
        answer
    }

    /// Invokes the function of this name in the template with an event in a file. Returns SAM's output: the answer, and
    /// the function's log lines as errors.
    pub async fn output(&self, function: &str, event: &Path) -> Output {
        run(as_operator("sam")
            .args(["local", "invoke", function, "--event"])
            .arg(event)
            .arg("--template")
            .arg(&self.template)
            .arg("--env-vars")
            .arg(&self.environment)
            .arg("--config-file")
            .arg(root().join("samconfig.toml"))
            .env("SAM_CLI_TELEMETRY", "0"))
        .await
    }

    /// Returns the functions of the template that were not invoked so far.
    pub fn never_invoked(&self) -> Vec<String> {
        let template = fs::read_to_string(&self.template).unwrap();
        let functions = template
            .split("\n    Type: AWS::Serverless::Function\n")
            .filter_map(|before| before.lines().last()?.trim().strip_suffix(':'));
        functions
            .filter(|function| !self.invoked.iter().any(|invoked| invoked == function))
            .map(ToOwned::to_owned)
            .collect()
    }
}

/// Returns the logical id of a function in the template, which SAM expects: `NightlySync` for `nightly-sync`.
pub fn logical_id(function: &str) -> String {
    let word = |word: &str| match word {
        "smarthr" => "SmartHr".to_owned(),
        _ => word[..1].to_uppercase() + &word[1..],
    };
    function.split('-').map(word).collect()
}

async fn deployed_variables(endpoint: &str, function: &str) -> Value {
    let ask = format!("lambda get-function-configuration --function-name local-{function}");
    aws(endpoint, &ask).await["Environment"]["Variables"].take()
}

/// Returns a function's variables with addresses as containers see them, and the clock's file beside its binary.
fn as_containers_see(deployed: &Value, host: &str, task: &Path) -> Value {
    let mut variables = deployed.clone();
    for name in ADDRESSES {
        let address = variables[name].as_str().unwrap();
        let address = address
            .replace("127.0.0.1", host)
            .replace("localhost", host);
        variables[name] = address.into();
    }
    // There is no file before somebody moves the clock.
    if let Some(clock) = deployed["CLOCK_OFFSET_FILE"].as_str()
        && fs::copy(clock, task.join("clock")).is_ok()
    {
        variables["CLOCK_OFFSET_FILE"] = "/var/task/clock".into();
    }
    variables
}

/// Returns the port of the address that a variable holds.
fn port_of(variables: &Value, name: &str) -> u16 {
    let address = variables[name].as_str().unwrap();
    let after_host = address.split("://").nth(1).unwrap();
    let port = after_host.split('/').next().unwrap().rsplit(':').next();
    port.unwrap().parse().unwrap()
}
