//! The rules of the sync, as pure values and functions: no clock, no randomness, no network.
//!
//! Start with [`plan()`]: SmartHR's people and KiteRa's users in, a [`Plan`] out.

pub mod allowed_domains;
pub mod audit;
pub mod causes;
mod changed_crews;
mod chat_webhook;
pub mod connection;
pub mod erasure;
pub mod groups;
mod host_label;
mod immediate_run;
mod invitation_mails;
mod is_default;
pub mod mail;
mod mail_id;
pub mod notices;
pub mod notifications;
mod outage_retry;
mod passkey;
mod password_issue;
mod people;
mod person_progress;
pub mod plan;
mod proposed_settings;
mod redacted;
mod related_companies;
pub mod report;
pub mod run;
pub mod run_failure;
mod saml_provider;
mod seats_in_use;
pub mod second_factor;
pub mod settings;
mod single_sign_on;
pub mod text;
pub mod time;
pub mod way_in;
mod week_counts;
pub mod workspace;

use people::ids;

pub use audit::{AuditAction, AuditChange, AuditEvent, AuditField, Author, Who};
pub use changed_crews::{ChangedCrews, MOST_CREWS_IN_BATCH};
pub use chat_webhook::{ChatProblem, ChatResult, ChatService, ChatWebhook};
pub use connection::{
    AskedAccountChange, Company, Connection, ConnectionEvent, ConnectionState, CustomItemId,
    CustomItemIds, CustomItems, Effect, FailureReason, ImmediateSync, LeftOutOfSync,
    NotifiedFailures, Transition, TransitionError, WaitsForAdmin, Webhook, WebhookIds, transition,
};
pub use host_label::is_host_label;
pub use immediate_run::{day_entry_id, full_run_id, is_day_entry};
pub use invitation_mails::{BETWEEN_INVITATIONS, InvitationMails, InvitationPause, PauseReason};
pub use mail::{DerivedFrom, MailKind, OutboxMail};
pub use mail_id::{
    has_initial_passwords, invitation_mail_id, is_chat_post, is_invitation, password_reset_mail_id,
};
pub use notifications::{MOST_CHOSEN_USERS, NotificationKind, Notifications, Recipients};
pub use outage_retry::OutageRetry;
pub use passkey::{LONGEST_PASSKEY_NAME, Passkey};
pub use password_issue::{IssuedBy, PASSWORDS_KEPT, PasswordIssue};
pub use people::{
    AwaitedLogin, Credential, CredentialHashChanges, CrewAttribute, CrewId, CrewLink, EmailAddress,
    Employee, EmployeeCode, EmploymentStatus, GroupId, INITIAL_PASSWORD_LIFE, INVITATION_LIFE,
    Identifier, Interner, Invitation, KeyId, LoginMethod, NameParts, OpenCredential, Role, RunId,
    Status, SyncedFields, TenantId, UnreadableAttribute, UnreadableUser, User, UserId, UserState,
    WorkspaceId, display_name, identifiers_of, is_plain_id,
};
pub use person_progress::PersonProgress;
pub use plan::account_changes::{AccountAnswer, AccountChange, HeldAccountChange};
pub use plan::deletion_answers::{Decision, DeletionDecisions};
pub use plan::guard::HeldBecause;
pub use plan::recent_deletions::{CountedDeletions, RecentDeletions};
pub use plan::{
    Alteration, Change, Failure, FirstLogin, Plan, PlanInput, PlanScope, WaitReason, apply,
    deletion_answers, plan, steps,
};
pub use proposed_settings::{ProposedSettings, SettingsEffect};
pub use redacted::Redacted;
pub use related_companies::{
    MOST_RELATED_COMPANY_USERS, RelatedCompanyError, RelatedCompanyRole, RelatedCompanyUser,
    parse_related_address,
};
pub use run::{
    AccountQuestion, ChangesByDay, Counts, Mode, Run, RunOutcome, Trigger, run_id, time_of_run_id,
};
pub use run_failure::{RunFailure, SmartHrField};
pub use saml_provider::{SamlCertificate, SamlProvider, certificate_warning};
pub use seats_in_use::SeatsInUse;
pub use second_factor::{SecondFactorNotice, second_factor_due};
pub use settings::{InvitationTexts, LoginMethodSetting, PasswordCsv, Settings, SyncTarget};
pub use single_sign_on::{IdentityProvider, OidcProvider, SingleSignOn};
pub use week_counts::{WEEK, WeekCounts};
pub use workspace::{Group, Workspace};
