//! The operator's tools, pinned in `target/tools`.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

/// The time limit of a tool. The slowest calls take seconds.
const PATIENCE: Duration = Duration::from_mins(2);

/// Returns the repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_path_buf()
}

/// Returns Cargo's output folder, in which this program is, or in whose `deps` this test is.
pub fn binaries() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let mut folders = program.ancestors().skip(1);
    folders
        .find(|folder| !folder.ends_with("deps"))
        .unwrap()
        .to_path_buf()
}

/// Returns the command of a tool, with the credentials of the account's operator and no settings of a developer.
pub fn as_operator(tool: &str) -> Command {
    let tools = root().join("target/tools/bin");
    let program = tools.join(tool);
    let is_ours = program.exists();
    let mut command = Command::new(if is_ours { program } else { tool.into() });
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", tools.display());
    command
        .env("PATH", path)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_DEFAULT_REGION", "ap-northeast-1")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .kill_on_drop(true);
    command
}

/// Runs a command to its end.
pub(crate) async fn run(command: &mut Command) -> Output {
    let output = timeout(PATIENCE, command.output()).await;
    output.expect("an end within two minutes").unwrap()
}

/// Returns the answer of the AWS CLI to these arguments, as JSON from the stand-in for AWS at `endpoint`.
pub async fn aws(endpoint: &str, arguments: &str) -> Value {
    let to_json = ["--output", "json", "--endpoint-url", endpoint];
    let mut command = as_operator("aws");
    let output = run(command.args(arguments.split(' ')).args(to_json)).await;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "aws {arguments}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}
