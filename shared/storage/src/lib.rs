//! Storage and delivery with AWS services: DynamoDB, S3, Secrets Manager, SQS, SES.
//!
//! [`Store`] is the database. Each record kind has a file that describes its item and holds the
//! methods of [`Store`] that read and write it. Every write is conditional, and what belongs together
//! is one [`transaction`], so that a function may crash at any instruction.
//!
//! | table | records |
//! |---|---|
//! | workspaces | [`workspaces`], [`single_sign_on`], [`second_factor_requirement`], [`workspace_changes`], [`connections`], [`seats_and_lease`], [`users_version`], [`invitation_mails`] (the pause), [`account_reviews`] |
//! | users | [`users`], [`admins`], [`deleted_users`], [`second_factors`] |
//! | identifiers | [`identifiers`] |
//! | runs | [`runs`], [`run_rows`] |
//! | outbox | [`outbox`], [`password_issues`] |
//! | sessions | [`sessions`], [`oauth_states`], [`sso_flows`], [`passkey_challenges`], [`versioned_records`], [`idempotency`], [`token_lock`], [`user_imports`], [`invitation_mails`] |
//! | webhooks | [`webhooks`], [`changed_crews`], [`person_progress`] |
//! | audit | [`audit`] |

pub mod account_reviews;
pub mod address_changes;
pub mod admins;
pub mod audit;
pub mod bring_back;
pub mod changed_crews;
pub mod chat_results;
mod connections;
pub mod deleted_users;
pub mod erasure;
pub mod error;
pub mod idempotency;
pub mod identifiers;
pub mod invitation_mails;
pub mod known_browsers;
pub mod mailer;
pub mod oauth_states;
pub mod outbox;
pub mod passkey_challenges;
pub mod password_issues;
pub mod password_resets;
pub mod person_progress;
pub mod queues;
mod related_companies;
mod restored_tables;
pub mod run_end;
pub mod run_rows;
pub mod runs;
pub mod saml_answers;
pub mod saml_certificates;
pub mod seats_and_lease;
pub mod second_factor_requirement;
pub mod second_factors;
pub mod secrets;
pub mod sessions;
pub mod single_sign_on;
pub mod sso_flows;
pub mod store;
pub mod sync_logs;
pub mod tables;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token_lock;
pub mod transaction;
pub mod user_imports;
pub mod users;
pub mod users_version;
pub mod versioned_records;
pub mod webhooks;
pub mod workspace_changes;
mod workspace_items;
pub mod workspaces;

pub use error::StoreError;
pub use store::Store;
