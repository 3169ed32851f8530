//! Whole runs in one process, against a DynamoDB, SmartHR's stand-in and what else of AWS a run calls.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

mod aws_faults;
mod concurrency;
mod continuation;
mod departed;
mod guards;
mod held_deletions;
mod immediate;
mod immediate_deletions;
mod immediate_full_run;
mod immediate_killed;
mod killed_deliveries;
mod killed_runs;
mod last_administrator;
mod last_delivery;
mod listed_admins;
mod model;
mod outages;
mod requests;
mod smarthr_faults;
mod stopped_runs;
mod unreadable_records;
mod unreadable_rows;
mod unreadable_users;
