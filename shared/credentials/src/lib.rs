//! The way in, as values: random secrets and what is derived from them, invitations, passwords,
//! sessions, and the brake on guessing. Nothing here stores or sends anything.

pub mod derive;
pub mod initial_password;
pub mod invitation_link;
pub mod issue;
pub mod password;
pub mod password_rules;
pub mod pkce;
pub mod random;
pub mod session;
pub mod throttle;
pub mod token_hash;

pub use derive::{DerivationKey, DerivationKeyTooShort};
pub use initial_password::{InitialPasswordHash, InitialPasswordSeed};
pub use invitation_link::{InvalidInvitationToken, InvitationUrl};
pub use issue::{CredentialIssuer, IssuedCredential};
pub use password::{HashingError, PasswordHash, verify_dummy};
pub use password_rules::{PasswordRefusal, PersonalWords, check_new_password};
pub use pkce::PkceVerifier;
pub use random::Random;
pub use session::{NewSession, SessionTimes};
pub use throttle::{Attempts, Brake, Verdict};
pub use token_hash::TokenHash;
