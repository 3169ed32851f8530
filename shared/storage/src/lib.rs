//! Storage and delivery with AWS services: DynamoDB, S3, Secrets Manager, SQS, SES.
//!
//! [`Store`] is the database. Each record kind has a file that describes its item and holds the
//! methods of [`Store`] that read and write it. Every write is conditional, and what belongs together
//! is one [`transaction`], so that a function may crash at any instruction.
//!
//! | table | records |
//! |---|---|
//! | workspaces | [`workspaces`], whose item [`workspace_changes`] changes as well |
//! | workspaces | [`single_sign_on`], [`second_factor_requirement`], [`related_companies`]: attributes of that item |
//! | workspaces | [`single_sign_on`]: the domains that lead to a workspace |
//! | workspaces | [`connections`] |
//! | workspaces | [`seats_and_lease`] |
//! | workspaces | [`users_version`] |
//! | workspaces | [`account_reviews`] |
//! | workspaces | [`chat_results`] |
//! | workspaces | [`saml_certificates`] |
//! | workspaces | [`invitation_mails`]: the pause |
//! | users | [`users`] |
//! | users | [`admins`] |
//! | users | [`deleted_users`] |
//! | users | [`second_factors`] |
//! | identifiers | [`identifiers`] |
//! | runs | [`runs`], of which [`run_end`] writes the end |
//! | runs | [`run_rows`] |
//! | outbox | [`outbox`] |
//! | outbox | [`password_issues`] |
//! | sessions | [`sessions`] |
//! | sessions | [`versioned_records`], among them those of [`address_changes`] and [`password_resets`] |
//! | sessions | [`passkey_challenges`] |
//! | sessions | [`oauth_states`] |
//! | sessions | [`sso_flows`] |
//! | sessions | [`saml_answers`] |
//! | sessions | [`known_browsers`] |
//! | sessions | [`idempotency`] |
//! | sessions | [`token_lock`] |
//! | sessions | [`user_imports`] |
//! | sessions | [`invitation_mails`]: the numbers of a day |
//! | webhooks | [`webhooks`] |
//! | webhooks | [`changed_crews`] |
//! | webhooks | [`person_progress`] |
//! | audit | [`audit`] |
//!
//! Of several tables: [`erasure`], and what only operators do ([`bring_back`], `workspace_items`, `restored_tables`).

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
