//! `make run`: everything on one machine, with eleven nights to look at.
//!
//! `LOCAL_PORT` (8080) is the port; `SMARTHR_API_BASE_URL` and `SMARTHR_OAUTH_BASE_URL` name another
//! SmartHR than the stand-in; `ONCE=1` ends after the last night.

mod admin;
mod company;
mod company_news;
mod employees;
mod nights;
mod story;
mod weeks;

use std::process::ExitCode;

use local::{Error, Options, Stack};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    println!("starting (the first time takes a minute)");
    let stack = Stack::start(Options::from_environment()?).await?;
    story::tell(&stack).await?;
    if std::env::var("ONCE").is_ok_and(|once| once == "1") {
        return Ok(());
    }
    println!("\nrunning until Ctrl-C");
    // Should signals not work here, waiting for one ends at once, and so does the program.
    _ = tokio::signal::ctrl_c().await;
    Ok(())
}
