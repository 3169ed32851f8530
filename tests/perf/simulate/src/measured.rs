//! Processor time as `make bench` measured it (docs/performance.md, two virtual cores of an Intel Xeon), and times of
//! other machines that nobody measured there, which docs/cost.md has as assumptions.

use crate::quotas::MEGABYTES_OF_A_PROCESSOR;
use crate::time::Time;

/// Microseconds of processor time that the start of workspace-sync takes, its first request included: `make bench
/// ROWS=functions`.
pub const START_MICROS: u64 = 6_200;
/// Of a person who is read and compared: `make bench ROWS=unchanged`, 0.40 s for 10,000.
pub const PERSON_MICROS: u64 = 40;
/// Of a person who is written besides: `make bench ROWS=newcomers`, 1.53 s for 10,000 together with the reading.
pub const WRITTEN_PERSON_MICROS: u64 = 113;
/// Of nightly-sync, for a workspace: `make bench ROWS=dispatch`, 0.28 s for 10,000.
pub const DISPATCHED_MICROS: u64 = 28;
/// Of a mail. Assumed: nobody measured it.
pub const MAIL_MICROS: u64 = 3_000;
/// Of a waiting mail in a round of the sweeper. Assumed.
pub const SWEPT_MAIL_MICROS: u64 = 60;

/// The start of a function's environment before its code runs, in which Lambda fetches it. Assumed.
pub const COLD_START: Time = 300;
/// A call to AWS, as in the bench.
pub const AWS_CALL: Time = 20;
/// A transaction of a hundred items, at the least and at the most. Assumed; AWS names no time.
pub const TRANSACTION: (Time, Time) = (50, 150);
/// SES's answer to a mail. Assumed.
pub const SES_ANSWER: Time = 100;
/// SmartHR's answer. Assumed.
pub const SMARTHR_ANSWER: Time = 500;
/// SmartHR's pages in a second, of one company (its limit of ten requests a second).
pub const SMARTHR_PAGES_A_SECOND: u64 = 10;
/// People on a page of SmartHR.
pub const PAGE: u64 = 100;

/// Calls of a run before it reads SmartHR, one after the other, but for those of the token: `cargo test --workspace
/// --test runs requests`.
pub const CALLS_BEFORE: u64 = 6;
/// Calls around a refresh of the token: lock, both secrets, renewal.
pub const CALLS_OF_A_REFRESH: u64 = 4;
/// Calls after the last step: the log, the end of the run, the last mails.
pub const CALLS_AFTER: u64 = 3;
/// Calls of a mail beside SES's: claim, workspace, person, numbers of the day, connection, count, settle.
pub const CALLS_OF_A_MAIL: u64 = 7;
/// Calls of a mail that is postponed: claim, workspace, postpone.
pub const CALLS_OF_A_POSTPONED_MAIL: u64 = 3;

/// People in a step, of those who are invited (docs/performance.md, "Writing").
pub const STEP: u64 = 24;

/// A table that a run or a mail writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Users.
    Users,
    /// Identifiers, spread over partitions by their address or code.
    Identifiers,
    /// The outbox, with its index of waiting mails.
    Outbox,
}

/// The tables, their names in the template, and the write units of a person who is invited: docs/cost.md has 14.7 with
/// the mail's, of which transactions write a user (2), an address and a code (4), and a mail with its index (4).
pub const WRITTEN: [(Table, &str, u64); 3] = [
    (Table::Users, "UsersTable", 2),
    (Table::Identifiers, "IdentifiersTable", 4),
    (Table::Outbox, "OutboxTable", 4),
];

/// Returns how long processor time takes in a function of so much memory.
pub fn at_its_share(micros: u64, memory: u64) -> Time {
    let share = memory.clamp(1, MEGABYTES_OF_A_PROCESSOR);
    micros * MEGABYTES_OF_A_PROCESSOR / share / 1_000
}
