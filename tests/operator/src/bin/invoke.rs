//! `make invoke FUNCTION=… EVENT=…`: one call of `sam local invoke`, with the code on this machine, against the stack
//! that `make run` started.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use operator::{Sam, logical_id};

#[tokio::main]
async fn main() -> ExitCode {
    let (function, event, endpoint) = match arguments() {
        Ok(arguments) => arguments,
        Err(why) => {
            eprintln!("invoke: {why}");
            return ExitCode::FAILURE;
        }
    };
    let sam = Sam::at(&endpoint).await;
    let output = sam.output(&logical_id(&function), &event).await;
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    println!("{}", String::from_utf8_lossy(&output.stdout));
    if output.status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Returns the function, the file with the event, and the address of the stand-in for AWS, or what is wrong with them.
fn arguments() -> Result<(String, PathBuf, String), String> {
    let mut arguments = std::env::args().skip(1);
    let (Some(function), Some(event)) = (arguments.next(), arguments.next()) else {
        return Err(
            "usage: make invoke FUNCTION=workspace-sync EVENT=events/workspace-sync-preview.json"
                .into(),
        );
    };
    let root = operator::root();
    if !root.join("functions").join(&function).is_dir() {
        return Err(format!(
            "no function {function}: it is a folder of functions/, such as workspace-sync"
        ));
    }
    let event = std::path::absolute(Path::new(&event)).unwrap_or_else(|_| event.into());
    if !event.is_file() {
        return Err(format!(
            "no file {}: samples are in events/",
            event.display()
        ));
    }
    match std::env::var("AWS_ENDPOINT_URL") {
        Ok(endpoint) if !endpoint.is_empty() => Ok((function, event, endpoint)),
        _ => Err(
            "set AWS_ENDPOINT_URL to what `make run` printed as `AWS:`, in another terminal".into(),
        ),
    }
}
