//! The product in Chromium.

mod account_changes;
mod account_review;
mod adding_people;
mod allowed_domains;
mod cards;
mod contract;
mod doors;
mod error_messages;
mod groups;
mod importing_people;
mod mails;
mod manual;
mod notifications;
mod passkeys;
mod questions;
mod related_companies;
mod runs;
mod single_sign_on_by_saml;
mod user_management;
