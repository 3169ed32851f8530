//! The product in Chromium.

mod account_changes;
mod account_review;
mod adding_people;
mod allowed_domains;
mod cards;
mod confirmation;
mod contract;
mod emergency_account;
mod error_messages;
mod forgotten_password;
mod full_width;
mod groups;
mod importing_people;
mod mails;
mod manual;
mod notifications;
mod passkeys;
mod questions;
mod related_companies;
mod runs;
mod second_factor;
mod single_sign_on_by_saml;
mod user_management;
