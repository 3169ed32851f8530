//! The people on both sides: employees in SmartHR and users in KiteRa.

mod awaited_login;
mod credential_hash_changes;
mod email_address;
mod employee;
mod employee_code;
mod first_login_credentials;
mod identifier;
pub(crate) mod ids;
mod interner;
mod login_method;
mod name;
mod open_credentials;
mod role;
mod unreadable_user;
mod user;
mod user_state;

pub use awaited_login::AwaitedLogin;
pub use credential_hash_changes::CredentialHashChanges;
pub use email_address::EmailAddress;
pub use employee::{CrewAttribute, Employee, EmploymentStatus, UnreadableAttribute};
pub use employee_code::EmployeeCode;
pub(crate) use employee_code::MAX_CODE_LENGTH;
pub use first_login_credentials::{INITIAL_PASSWORD_LIFE, INVITATION_LIFE};
pub(crate) use identifier::items_of_code;
pub use identifier::{Identifier, identifiers_of};
pub use ids::{CrewId, GroupId, KeyId, RunId, TenantId, UserId, WorkspaceId, is_plain_id};
pub use interner::Interner;
pub use login_method::LoginMethod;
pub use name::{NameParts, display_name};
pub use open_credentials::OpenCredential;
pub use role::Role;
pub use unreadable_user::UnreadableUser;
pub use user::{Credential, CrewLink, Invitation, Status, SyncedFields, User};
pub use user_state::UserState;
