//! The arguments of the command, and which file carries each subcommand out.

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::bring_back::{self, BringBack};
use crate::commands::erase::{self, Erase};
use crate::commands::mails::{self, Mails};
use crate::commands::offboard::{self, Offboard};
use crate::commands::person::{self, Person};
use crate::commands::preview::{self, Preview};
use crate::commands::relink_undo::{self, RelinkUndo};
use crate::commands::restore::{self, Restore};
use crate::commands::run::{self, Run};
use crate::commands::seats::{self, Seats};
use crate::commands::show::{self, Show};
use crate::commands::start::{self, Start};
use crate::commands::stop::{self, Stop};
use crate::commands::void_links::{self, VoidLinks};
use crate::commands::{last_night, workspaces};
use crate::error::KiteraError;
use crate::output::Output;
use crate::stack::Stack;

/// Shows and mends the sync of KiteRa workspaces with SmartHR
///
/// It needs the name of a stack, such as kitera-smarthr-prod, and AWS credentials in the environment, for example by
/// `eval "$(aws configure export-credentials --format env)"`. Without a stack it works on the one that `make run`
/// started on this machine, whose line `AWS:` says what AWS_ENDPOINT_URL is.
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
    /// Show the newest night: every workspace, by what came of its run
    LastNight,
    /// Show one workspace: users, connection, settings, what is held or waits, runs, what cannot be read
    Show(Show),
    /// Show one person over all runs: personal data, so only when asked for
    ///
    /// The lines come from the sync logs in S3, which are kept for 400 days, 32 logs at a time; of a run without a log
    /// they come from the rows of its steps. `--last 30` looks at a month only. A line has the code and the address
    /// that SmartHR had that night: ask for earlier ones by themselves.
    Person(Person),
    /// Plan a run and change nobody
    Preview(Preview),
    /// Run the sync of a workspace now
    ///
    /// Syncs everybody, or with `--person CODE` the one person who has this employee code in SmartHR, as an immediate
    /// run. What needs the whole list (who takes whose address, first links) waits for the night. `kitera preview WS
    /// --person` shows what a sync of everybody would do with one.
    ///
    /// The answer comes when the run ends, within 15 minutes. `waits` means that another run is under way.
    Run(Run),
    /// Switch the sync of a workspace off, and end a run under way
    ///
    /// Connection, settings and users stay. Its admins see it in ユーザー同期設定 and 操作履歴, and can switch it on
    /// again.
    Stop(Stop),
    /// Switch the sync of a workspace on, with the settings that its admins saved
    Start(Start),
    /// Undo 再連携が必要です where SmartHR still takes the refresh token
    RelinkUndo(RelinkUndo),
    /// List the mails that wait, and try those of a workspace again
    Mails(Mails),
    /// Change the number of users in a customer's plan, and nothing else
    Seats(Seats),
    /// Void the open invitations, initial passwords and password resets of a workspace
    ///
    /// Users stay. Those who are linked to SmartHR are invited again in the next night, others by an admin.
    VoidLinks(VoidLinks),
    /// Erase somebody who is no user any more
    Erase(Erase),
    /// Delete everything of a customer who left
    ///
    /// After the contract's period, and after an admin clicked [解除する]. It shows the name and how much there is, and
    /// asks.
    Offboard(Offboard),
    /// Take all tables back to a second of the last 35 days, in two steps
    ///
    /// `--to TIME` restores them beside those in use, and compares. `--replace` compares again, asks for the stack's
    /// name, and replaces those in use by what was restored. No table in use is deleted before all are compared and
    /// every copy has a backup. Repeated after an interruption, it goes on.
    Restore(Restore),
    /// Take the users of one workspace from restored tables
    ///
    /// First restore the tables beside those in use (`kitera restore --to TIME`) and stop the sync. Users, their
    /// addresses and codes, deleted users and second factors become those of the copy. Name, seats and domains of the
    /// workspace, connection, history, audit trail and mails stay as they are now.
    BringBack(BringBack),
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
            Self::LastNight => last_night::run(stack).await,
            Self::Show(args) => show::run(stack, &args).await,
            Self::Person(args) => person::run(stack, &args).await,
            Self::Preview(args) => preview::run(stack, &args).await,
            Self::Run(args) => run::run(stack, &args).await,
            Self::Stop(args) => stop::run(stack, &args).await,
            Self::Start(args) => start::run(stack, &args).await,
            Self::RelinkUndo(args) => relink_undo::run(stack, &args).await,
            Self::Mails(args) => mails::run(stack, &args).await,
            Self::Seats(args) => seats::run(stack, &args).await,
            Self::VoidLinks(args) => void_links::run(stack, &args).await,
            Self::Erase(args) => erase::run(stack, &args).await,
            Self::Offboard(args) => offboard::run(stack, &args).await,
            Self::Restore(args) => restore::run(stack, &args).await,
            Self::BringBack(args) => bring_back::run(stack, &args).await,
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
