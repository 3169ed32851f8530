//! Stories over several nights on the deployed stack, one file a subject.

mod alarms;
mod another_company;
mod chat;
mod connection;
mod departure;
mod employee_code;
mod erasure;
mod expired_log;
mod failure_mails;
mod immediate;
mod invitation;
mod listed_admins;
mod login_method;
mod logs;
mod provisioning;
mod redelivery;
mod release_gates;
mod second_factor;
mod single_sign_on;
mod smarthr_failures;
mod stopped_runs;
mod unreadable_user;
mod weekly_summary;
mod who_is_synced;
