//! The rules of the sync, as pure values and functions: no clock, no randomness, no network.
//!
//! Start with [`planner::plan`]: SmartHR's people and KiteRa's users in, a [`plan::Plan`] out.

pub mod apply;
mod candidate;
pub mod connection;
mod decide;
pub mod email_address;
pub mod employee;
pub mod employee_code;
pub mod failure;
pub mod guard;
mod hash;
mod host_label;
mod identifiers;
pub mod ids;
mod interner;
pub mod login_method;
pub mod mail;
mod matching;
pub mod name;
mod people;
pub mod plan;
pub mod planner;
mod redacted;
pub mod report;
mod rules;
pub mod run;
pub mod run_failure;
pub mod settings;
mod settled;
pub mod steps;
pub mod user;
mod wanted;
pub mod workspace;

pub use connection::{Company, Connection, ConnectionState, NotifiedFailures};
pub use email_address::EmailAddress;
pub use employee::{Employee, EmploymentStatus};
pub use employee_code::EmployeeCode;
pub use failure::Failure;
pub use guard::DeletionDecisions;
pub use host_label::is_host_label;
pub use identifiers::{Identifier, identifiers_of};
pub use ids::{CrewId, GroupId, RunId, TenantId, UserId, WorkspaceId};
pub use interner::Interner;
pub use login_method::LoginMethod;
pub use mail::{MailKind, OutboxMail};
pub use plan::{Alteration, Change, FirstLogin, Plan};
pub use planner::{PlanInput, plan};
pub use redacted::Redacted;
pub use run::{Counts, Mode, Run, RunOutcome, Trigger, run_id};
pub use run_failure::RunFailure;
pub use settings::{LoginMethodSetting, Settings, SyncTarget};
pub use user::{Credential, CrewLink, Invitation, Role, Status, SyncedFields, User};
pub use workspace::{Group, Workspace};
