//! Before a write, the operator types the company code: the wrong customer is the mistake that no undo mends.

use std::io::{BufRead, Write};

use clap::Args;

use crate::error::KiteraError;

/// How the operator says that this workspace is meant.
#[derive(Debug, Args)]
pub(crate) struct Consent {
    /// Do not ask for the company code: it is this one (for scripts)
    #[arg(long, value_name = "CODE")]
    yes_for: Option<String>,
}

impl Consent {
    /// Says what is about to happen, and waits for the company code.
    ///
    /// # Errors
    /// [`KiteraError::OtherCode`] when another one was given.
    pub(crate) fn ask(&self, company_code: &str, what: &str) -> Result<(), KiteraError> {
        let typed = if let Some(code) = &self.yes_for {
            code.clone()
        } else {
            eprintln!("{what}");
            eprint!("Type its company code to go on: ");
            _ = std::io::stderr().flush();
            let mut line = String::new();
            _ = std::io::stdin().lock().read_line(&mut line);
            line
        };
        if typed.trim().eq_ignore_ascii_case(company_code) {
            Ok(())
        } else {
            Err(KiteraError::OtherCode)
        }
    }
}
