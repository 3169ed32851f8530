//! Tests of the console through its real router, with a test environment behind it.

mod access_to_api;
mod access_to_pages;
mod audit_trail;
mod connection;
mod connection_pages;
mod console;
mod dashboard;
mod deleting_and_unlinking;
mod failures;
mod history_pages;
mod idempotency;
mod initial_passwords;
mod issuing_credentials;
mod malformed_requests;
mod operation;
mod own_address;
mod restoring;
mod roster;
mod runs;
mod second_factors;
mod single_sign_on;
mod strange_names;
mod unreadable_records;
mod user_list_page;
mod user_page;
mod users;
