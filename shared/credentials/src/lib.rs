//! Secrets as values: random tokens and secrets derived from them, invitations, passwords, sessions,
//! and the sign-in throttle. This crate stores nothing and sends nothing.

mod account_hash_key;
mod address_change;
mod credential_seed;
mod derivation_key;
mod derivation_keys;
mod guessable_words;
mod hex;
mod initial_password;
mod issue;
mod mailed_link;
mod network_throttle;
pub mod passkey;
mod password;
mod password_reset;
mod password_rules;
pub mod pkce;
mod prepared_password;
mod random;
mod recovery_codes;
pub mod session;
mod sign_in_throttle;
mod token_hash;
mod totp;

pub use account_hash_key::AccountHashKey;
pub use address_change::AddressChange;
pub use credential_seed::CredentialSeed;
pub use derivation_key::{DerivationKey, InvalidDerivationKey};
pub use derivation_keys::DerivationKeys;
pub use guessable_words::PersonalWords;
pub use hex::hex;
pub use initial_password::InitialPasswordHash;
pub use issue::{CredentialIssuer, IssuedCredential};
pub use mailed_link::{InvalidLinkToken, MailedLink};
pub use network_throttle::NetworkGuesses;
pub use password::{HashingError, PasswordHash, verify_dummy};
pub use password_reset::PasswordReset;
pub use password_rules::{PasswordRefusal, check_new_password};
pub use pkce::PkceVerifier;
pub use prepared_password::is_same_password;
pub use random::Random;
pub use recovery_codes::{RecoveryCodes, recovery_code_hash};
pub use session::{SessionSecrets, SessionTimes};
pub use sign_in_throttle::{GuessLimit, GuessVerdict, WrongGuesses};
pub use token_hash::TokenHash;
pub use totp::TotpSecret;
