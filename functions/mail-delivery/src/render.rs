//! Rendering of the outbox's mails from the current data.

use domain::{MailKind, OutboxMail, Redacted, Workspace};
use jiff::Timestamp;
use mail::Mail;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;

/// A mail of the outbox, rendered from the current data.
pub(crate) enum Rendered {
    /// The mails to send: several when there are many recipients or passwords.
    Mails(Vec<Mail>),
    /// The reason why nothing is sent: the content is no longer true.
    Dropped(&'static str),
    /// Nothing is sent before this time, for this reason.
    Postponed(Timestamp, &'static str),
}

impl Delivery {
    pub(crate) async fn render(
        &self,
        workspace: &Workspace,
        mail: &OutboxMail,
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        match &mail.kind {
            MailKind::Invitation {
                user_id,
                serial,
                again,
                derived_from,
            } => {
                let derived_from = derived_from.as_ref();
                self.invitation(workspace, user_id, *serial, *again, derived_from, now)
                    .await
            }
            MailKind::InitialPasswords { run_id } => {
                self.passwords_of_run(workspace, run_id, now).await
            }
            MailKind::IssuedPasswords { issue_id } => {
                self.issued_passwords(workspace, issue_id, now).await
            }
            MailKind::PasswordReset {
                user_id,
                request,
                link_seed,
            } => {
                self.password_reset(workspace, user_id, request, &link_seed.into(), now)
                    .await
            }
            MailKind::PasswordChanged { user_id } => {
                self.password_changed(workspace, user_id, mail.created_at)
                    .await
            }
            MailKind::AddressProof {
                user_id,
                request,
                link_seed,
            } => {
                self.address_proof(workspace, user_id, request, &link_seed.into(), now)
                    .await
            }
            MailKind::AddressChanged {
                user_id, old_email, ..
            } => {
                let old = old_email.as_ref().map(Redacted::expose);
                self.address_changed(workspace, user_id, old, mail.created_at)
                    .await
            }
            MailKind::LoginMethodChanged { user_id, .. } => {
                self.login_method_changed(workspace, user_id, mail.created_at)
                    .await
            }
            MailKind::SecondFactorChanged { user_id, notice } => {
                self.second_factor_changed(workspace, user_id, *notice, mail.created_at)
                    .await
            }
            MailKind::AccountLocked { user_id } => {
                self.account_locked(workspace, user_id, mail.created_at)
                    .await
            }
            MailKind::FailedRun {
                run_id,
                failure,
                failed,
            } => {
                self.failed_run(workspace, run_id, failure.as_ref(), *failed)
                    .await
            }
            MailKind::HeldDeletions { run_id } => self.held_deletions(workspace, run_id).await,
            MailKind::HeldAccountChanges { run_id } => {
                self.held_account_changes(workspace, run_id).await
            }
            MailKind::AdministratorDeleted { user_id } => {
                self.administrator_deleted(workspace, user_id).await
            }
            MailKind::EmergencySignIn { user_id, network } => {
                self.emergency_sign_in(workspace, user_id, network, mail.created_at)
                    .await
            }
            MailKind::SamlCertificateEnds { ends_at, .. } => {
                self.saml_certificate_ends(workspace, *ends_at).await
            }
            MailKind::SeatsNearlyFull { .. } => self.seats_nearly_full(workspace).await,
            MailKind::ConnectionMayEnd { since } => {
                self.connection_may_end(workspace, *since).await
            }
            MailKind::WeeklySummary { until } => self.weekly_summary(workspace, *until).await,
            // Posted before anything is rendered.
            MailKind::ChatPost { .. } | MailKind::ChatTest => {
                Ok(Rendered::Dropped("a post is no mail"))
            }
            MailKind::Connected => self.connected(workspace).await,
            MailKind::InvitationsPaused => self.invitations_paused(workspace).await,
            MailKind::ReconnectNeeded => self.reconnect_needed(workspace).await,
        }
    }
}
