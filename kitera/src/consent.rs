//! Before a write, the operator types the company code: the wrong customer is the mistake that no undo mends.

use std::io::{BufRead, Write};

use clap::Args;

use crate::error::KiteraError;

/// How the operator says that this workspace is meant.
#[derive(Debug, Args)]
pub(crate) struct Consent {
    /// Do not ask for the company code, or what else is asked for: it is this one (for scripts)
    #[arg(long, value_name = "CODE")]
    yes_for: Option<String>,
}

impl Consent {
    /// Says what is about to happen, and waits for the company code.
    ///
    /// # Errors
    /// [`KiteraError::OtherCode`] when another one was given.
    pub(crate) fn ask(&self, company_code: &str, what: &str) -> Result<(), KiteraError> {
        self.ask_for("the company code of the workspace", company_code, what)
    }

    /// As [`Consent::ask`], for another word than the company code.
    ///
    /// # Errors
    /// [`KiteraError::OtherCode`] when another one was given.
    pub(crate) fn ask_for(
        &self,
        word: &'static str,
        expected: &str,
        what: &str,
    ) -> Result<(), KiteraError> {
        let typed = if let Some(code) = &self.yes_for {
            code.clone()
        } else {
            eprintln!("{what}");
            eprint!("Type {word} to go on: ");
            _ = std::io::stderr().flush();
            let mut line = String::new();
            _ = std::io::stdin().lock().read_line(&mut line);
            line
        };
        if typed.trim().eq_ignore_ascii_case(expected) {
            Ok(())
        } else {
            Err(KiteraError::OtherCode(word))
        }
    }
}
