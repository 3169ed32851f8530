//! One `sam local invoke` after the other.

use std::fs;
use std::path::PathBuf;

use local::Stack;
use serde_json::{Value, json};

use crate::tools::{as_operator, aws, root, run};
use crate::{Parked, bridge};

/// Those whose values lead to this machine.
const ADDRESSES: [&str; 3] = [
    "AWS_ENDPOINT_URL",
    "SMARTHR_API_BASE_URL",
    "SMARTHR_OAUTH_BASE_URL",
];

/// The functions of a stack, as `sam local invoke` starts them.
pub struct Sam {
    /// What the template looks like with the binaries of a debug build.
    template: PathBuf,
    /// For `--env-vars`: what the deployed functions have, with addresses as containers see them.
    environment: PathBuf,
    invoked: Vec<String>,
}

impl Sam {
    /// Of the functions in `stack`; the messages they send are parked, see [`Parked`].
    pub async fn of(stack: &Stack) -> Self {
        let host = std::env::var("SAM_LOCAL_HOST").expect("engine.sh sets it: use make sam-local");
        for address in [stack.aws_endpoint(), stack.smarthr_url().unwrap()] {
            let port = address.rsplit(':').next().unwrap();
            bridge::open(&host, port.parse().unwrap()).await;
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

    /// Invokes the function of this name in the template, such as `NightlySync`; gives its answer.
    ///
    /// # Panics
    /// No answer within two minutes, or an error, with what SAM and the function wrote.
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
        let said = String::from_utf8_lossy(&output.stderr);
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{function} gave no answer: {error}\n{said}"));
        assert!(
            answer.get("errorType").is_none(),
            "{function}: {answer}\n{said}"
        );
        answer
    }

    /// The functions of the template that were not invoked so far.
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

/// What the template calls a function: `NightlySync` for `nightly-sync`. It is what SAM looks for; the name
/// of a deployed function has its stack's before it, which SAM does not know.
fn logical_id(function: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    function.split('-').map(word).collect()
}

/// The deployed function's variables; those that name queues name the parking places.
async fn environment(stack: &Stack, function: &str, host: &str) -> Value {
    let arguments = [
        "lambda",
        "get-function-configuration",
        "--function-name",
        function,
    ];
    let mut variables = aws(stack, &arguments).await["Environment"]["Variables"].take();
    for name in ADDRESSES {
        let address = variables[name].as_str().unwrap();
        let address = address
            .replace("127.0.0.1", host)
            .replace("localhost", host);
        variables[name] = address.into();
    }
    variables["MAIL_QUEUE_URL"] = Parked::mails(stack).url().into();
    variables["SYNC_QUEUE_URL"] = Parked::runs(stack).url().into();
    variables
}

/// Cargo's output folder: this program lies in its `deps`.
fn binaries() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(2).unwrap().to_path_buf()
}
