//! `kitera`, the operator's command: what only an engineer on call may see and do, for all workspaces of a stack.
//!
//! It reads the tables through `storage`, and has the functions of the stack do what changes something.

mod audit;
mod cli;
mod commands;
mod consent;
mod erase_person;
mod error;
mod invoke;
mod last_run;
mod output;
mod person_lines;
mod stack;
mod table;
mod table_copies;
mod workspace_ref;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kitera: {error}");
            ExitCode::FAILURE
        }
    }
}
