//! The mails to システム管理者 about the accounts of admins and about a new connection.

use domain::{
    AccountQuestion, Connection, NotificationKind, Role, RunFailure, RunId, User, UserId,
    Workspace, time,
};
use jiff::Timestamp;
use mail::{
    AdministratorDeleted, Connected, EmergencySignIn, HeldAccountChanges, Mail, MailError,
    MailName, SamlCertificateEnds,
};
use storage::deleted_users::RESTORABLE;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

impl Delivery {
    /// Renders the mail about held account changes, unless all of them were answered.
    pub(crate) async fn held_account_changes(
        &self,
        workspace: &Workspace,
        run_id: &RunId,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let Some((run, connection)) = self.run_and_connection(workspace_id, run_id).await? else {
            return Ok(Rendered::Dropped("the run or the link to SmartHR is gone"));
        };
        let questions = run.unanswered_account_changes(&connection);
        let questions: Vec<AccountQuestion> = questions.cloned().collect();
        if questions.is_empty() {
            return Ok(Rendered::Dropped("the held account changes were answered"));
        }
        let mail = HeldAccountChanges {
            workspace_name: MailName::new(&workspace.name),
            started_at: run.started_at,
            lost: run.failure.as_ref().and_then(RunFailure::lost_field),
            questions: &questions,
            more: run.more_account_changes,
            run_url: &format!("{}/{run_id}", self.history_url()),
        };
        self.to_system_administrators(workspace, |from, to| mail.mail(from, to))
            .await
    }

    /// Renders the mail about a deleted admin, unless they were restored meanwhile.
    pub(crate) async fn administrator_deleted(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let Some(deleted) = self.store.deleted_user(workspace_id, user_id).await? else {
            return Ok(Rendered::Dropped("the user was restored"));
        };
        let mail = AdministratorDeleted {
            workspace_name: MailName::new(&workspace.name),
            name: MailName::new(&deleted.user.name),
            role: deleted.user.role,
            deleted_at: deleted.deleted_at,
            restorable_until: time::later(deleted.deleted_at, RESTORABLE),
            restore_url: &self.deleted_users_url(),
        };
        self.to_system_administrators(workspace, |from, to| mail.mail(from, to))
            .await
    }

    /// Renders the mail about a new connection, unless it has ended.
    pub(crate) async fn connected(&self, workspace: &Workspace) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let connection = self.store.connection(workspace_id).await?;
        let Some(connection) = connection.filter(Connection::is_established) else {
            return Ok(Rendered::Dropped("the workspace was disconnected"));
        };
        let by = self
            .store
            .user(workspace_id, &connection.connected_by)
            .await?;
        let mail = Connected {
            workspace_name: MailName::new(&workspace.name),
            company_name: MailName::new(&connection.company.name),
            by: by.as_ref().map(|user| MailName::new(&user.name)),
            at: connection.connected_at,
            settings_url: &self.settings_url(),
        };
        self.to_system_administrators(workspace, |from, to| mail.mail(from, to))
            .await
    }

    /// Renders the mail about a sign-in with an emergency account, to the other システム管理者.
    pub(crate) async fn emergency_sign_in(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        network: &str,
        at: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let user = self.store.user(&workspace.workspace_id, user_id).await?;
        let Some(user) = user else {
            return Ok(Rendered::Dropped("the user is gone"));
        };
        let mail = EmergencySignIn {
            workspace_name: MailName::new(&workspace.name),
            name: MailName::new(&user.name),
            at,
            network,
            audit_url: &self.audit_url(),
        };
        let wanted =
            |other: &User| other.role == Role::SystemAdministrator && other.user_id != *user_id;
        self.to_some_admins(workspace, wanted, |from, to| mail.mail(from, to))
            .await
    }

    /// Renders the mail about a certificate that ends soon, unless it was replaced.
    pub(crate) async fn saml_certificate_ends(
        &self,
        workspace: &Workspace,
        ends_at: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let provider = workspace.saml_in_use();
        let Some(provider) = provider.filter(|it| it.certificates_end_at() == Some(ends_at)) else {
            return Ok(Rendered::Dropped("the certificate was replaced"));
        };
        let mail = SamlCertificateEnds {
            workspace_name: MailName::new(&workspace.name),
            ends_at,
            entity_id: &provider.entity_id,
            settings_url: &self.single_sign_on_url(),
        };
        self.to_recipients(workspace, NotificationKind::Certificate, |from, to| {
            mail.mail(from, to)
        })
        .await
    }

    async fn to_system_administrators(
        &self,
        workspace: &Workspace,
        write: impl Fn(&str, &[String]) -> Result<Mail, MailError>,
    ) -> Result<Rendered, DeliveryError> {
        let wanted = |role| role == Role::SystemAdministrator;
        self.to_admins(workspace, wanted, write).await
    }
}
