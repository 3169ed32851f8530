//! The deployed stack on one machine: a stand-in for AWS (ministack) with the real template and the
//! real function binaries, a stand-in for SmartHR, a mailbox, and one port in front of them.
//!
//! [`Stack`] starts and stops all of them, for `make run` and for the tests of the deployed product.

mod account;
mod clock;
mod deployment;
mod error;
mod folders;
mod gateway;
mod invoke;
mod mailbox;
mod mails;
mod ministack;
mod night;
mod options;
mod runtime;
mod signature;
mod smarthr;
mod stack;
mod tables;
mod venv;

pub use account::Account;
pub use clock::Clock;
pub use error::Error;
pub use mails::{Attachment, Mail};
pub use night::{DispatchedRun, Night};
pub use options::{Options, SmartHr};
pub use stack::Stack;
