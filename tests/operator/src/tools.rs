//! The operator's tools, pinned in `target/tools`.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use local::Stack;
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

/// What does not answer by then never will: the slowest calls take seconds.
const PATIENCE: Duration = Duration::from_mins(2);

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_path_buf()
}

/// One of the tools, with the rights of the account's operator; nothing of a developer's own is used.
pub fn as_operator(tool: &str) -> Command {
    let tools = root().join("target/tools/bin");
    let program = tools.join(tool);
    let mut command = Command::new(if program.exists() {
        program
    } else {
        tool.into()
    });
    command
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", tools.display()),
        )
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_DEFAULT_REGION", "ap-northeast-1")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .kill_on_drop(true);
    command
}

/// Lets it run to its end.
pub(crate) async fn run(command: &mut Command) -> Output {
    let output = timeout(PATIENCE, command.output()).await;
    output.expect("an end within two minutes").unwrap()
}

/// What the AWS CLI answers, asking the stack's stand-in.
pub(crate) async fn aws(stack: &Stack, arguments: &[&str]) -> Value {
    let endpoint = stack.aws_endpoint();
    let to_json = ["--output", "json", "--endpoint-url", endpoint];
    let output = run(as_operator("aws").args(arguments).args(to_json)).await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "aws {arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}
