//! `kitera`, the operator's command, as Cargo built it.

use local::Stack;
use tokio::process::Command;

use crate::tools::{binaries, root, run};

/// Returns the command for the stack on this machine, whose clock it shares.
pub fn kitera(stack: &Stack) -> Command {
    let mut command = Command::new(binaries().join("kitera"));
    command
        .current_dir(root())
        .env_remove("KITERA_STACK")
        .env("AWS_ENDPOINT_URL", stack.aws_endpoint())
        .env("CLOCK_OFFSET_FILE", stack.clock().file());
    command
}

/// Runs `kitera` with these arguments. Returns what it printed, and whether it succeeded.
pub async fn ask_kitera(stack: &Stack, arguments: &str) -> (String, bool) {
    let output = run(kitera(stack).args(arguments.split_whitespace())).await;
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    (printed, output.status.success())
}
