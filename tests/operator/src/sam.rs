//! `sam local invoke`.

use std::fs;
use std::path::PathBuf;

use local::Stack;
use serde_json::{Value, json};

use crate::tools::{as_operator, aws, root, run};
use crate::{CapturedMessages, port_forward, sample_event};

/// The variables whose values are addresses on this machine.
const ADDRESSES: [&str; 3] = [
    "AWS_ENDPOINT_URL",
    "SMARTHR_API_BASE_URL",
    "SMARTHR_OAUTH_BASE_URL",
];

/// The functions of a stack, as `sam local invoke` starts them.
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
        let host = std::env::var("SAM_LOCAL_HOST").expect("docker.sh sets it: use make sam-local");
        for address in [stack.aws_endpoint(), stack.smarthr_url().unwrap()] {
            let port = address.rsplit(':').next().unwrap();
            port_forward::open(&host, port.parse().unwrap()).await;
        }

        let folder = root().join("target/sam-local");
        let template = fs::read_to_string(root().join("infra/template.yaml")).unwrap();
        let code = "CodeUri: ../functions/";
        let mut variables = json!({});
        for function in template.split(code).skip(1) {
            let function = function.split('/').next().unwrap();
            let bootstrap = folder.join("code").join(function).join("bootstrap");
            fs::create_dir_all(bootstrap.parent().unwrap()).unwrap();
            fs::copy(binaries().join(function), &bootstrap).unwrap();
            variables[logical_id(function)] =
                environment(stack, &format!("local-{function}"), &host).await;
        }
        let sam = Self {
            template: folder.join("template.yaml"),
            environment: folder.join("env-vars.json"),
            invoked: Vec::new(),
        };
        fs::write(&sam.template, template.replace(code, "CodeUri: code/")).unwrap();
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
        let output = run(as_operator("sam")
            .args(["local", "invoke", function, "--event"])
            .arg(&file)
            .arg("--template")
            .arg(&self.template)
            .arg("--env-vars")
            .arg(&self.environment)
            .arg("--config-file")
            .arg(root().join("samconfig.toml"))
            .env("SAM_CLI_TELEMETRY", "0"))
        .await;
        let errors = String::from_utf8_lossy(&output.stderr);
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{function} returned no answer: {error}\n{errors}"));
        let failed = answer.get("errorType").is_some();
        assert!(!failed, "{function}: {answer}\n{errors}");
        answer
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
fn logical_id(function: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    function.split('-').map(word).collect()
}

/// Returns the deployed function's variables, with captured queues and with addresses as containers see them.
async fn environment(stack: &Stack, function: &str, host: &str) -> Value {
    let ask = format!("lambda get-function-configuration --function-name {function}");
    let mut variables = aws(stack, &ask).await["Environment"]["Variables"].take();
    for name in ADDRESSES {
        let address = variables[name].as_str().unwrap();
        let address = address
            .replace("127.0.0.1", host)
            .replace("localhost", host);
        variables[name] = address.into();
    }
    variables["MAIL_QUEUE_URL"] = CapturedMessages::mails(stack).url().into();
    for runs in ["SYNC_QUEUE_URL", "MANUAL_SYNC_QUEUE_URL"] {
        variables[runs] = CapturedMessages::runs(stack).url().into();
    }
    variables
}

/// Returns Cargo's output folder, in whose `deps` this program is.
fn binaries() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(2).unwrap().to_path_buf()
}
