//! The API as a console meets it: the real router, and a test environment behind it.

mod console;
mod doors;
mod history_pages;
mod integration;
mod once;
mod page_doors;
mod removing;
mod requests;
mod restoring;
mod runs;
mod settings_pages;
mod sign_in_help;
mod strange_names;
mod user_edits;
mod user_pages;
mod users;
