//! The arguments of the command, and which file carries each subcommand out.

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::workspaces;
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;

/// Shows and mends the sync of KiteRa workspaces with SmartHR
///
/// It needs the name of a stack, such as kitera-smarthr-prod, and AWS credentials in the environment, for example by
/// `eval "$(aws configure export-credentials --format env)"`. Without a stack it works on the one that `make run` started
/// on this machine, whose line `AWS:` says what AWS_ENDPOINT_URL is.
///
/// Start with `kitera workspaces`. WS in the help of a command is a company code (企業コード) or a workspace id (ws_…).
#[derive(Debug, Parser)]
#[command(name = "kitera", arg_required_else_help = true)]
pub(crate) struct Cli {
    /// The CloudFormation stack; left out: the stack on this machine
    #[arg(long, global = true, env = "KITERA_STACK", value_name = "NAME")]
    stack: Option<String>,
    /// Print JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List all workspaces: connection, whether the sync is on, last run
    Workspaces,
    /// Print the completions of a shell: `source <(kitera completions bash)`
    Completions {
        /// bash or zsh
        shell: Shell,
    },
}

impl Cli {
    /// Carries the subcommand out, and prints what it returns.
    ///
    /// # Errors
    /// [`KiteraError`], which says what to do.
    pub(crate) async fn run(self) -> Result<(), KiteraError> {
        if let Command::Completions { shell } = self.command {
            clap_complete::generate(
                shell,
                &mut Self::command(),
                "kitera",
                &mut std::io::stdout(),
            );
            return Ok(());
        }
        let stack = Stack::open(self.stack).await?;
        self.command.run(&stack).await?.print(self.json);
        Ok(())
    }
}

impl Command {
    async fn run(self, stack: &Stack) -> Result<Output, KiteraError> {
        match self {
            Self::Workspaces => workspaces::run(stack).await,
            Self::Completions { .. } => Ok(Output::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
