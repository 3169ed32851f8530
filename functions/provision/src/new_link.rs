//! A new link for a システム管理者 who cannot sign in any more.

use credentials::{CredentialIssuer, hex};
use domain::audit::changes_of_user;
use domain::{
    AuditAction, AuditEvent, CredentialHashChanges, EmailAddress, LoginMethod, MailKind,
    OutboxMail, SecondFactorNotice,
};
use jiff::Timestamp;
use storage::transaction::{Commit, UserWrite};

use crate::administrator::editors;
use crate::error::ProvisionError;
use crate::event::{NewLinkEvent, Provisioned};
use crate::handler::Provisioner;

impl Provisioner {
    /// Mails a system administrator a link to set a password, and lets them sign in by it if they signed in by SSO.
    /// Their second factors are removed, which they are mailed. A password that they have works until the link is used.
    /// Returns the answer and the ids of the waiting mails.
    ///
    /// # Errors
    /// [`ProvisionError`] when there is no such administrator, or AWS does not answer.
    pub(crate) async fn new_link(
        &self,
        NewLinkEvent { new_link: wanted }: NewLinkEvent,
        now: Timestamp,
    ) -> Result<(Provisioned, Vec<String>), ProvisionError> {
        let workspace_id = wanted.workspace;
        let workspace = self.store.workspace(&workspace_id).await?;
        let workspace =
            workspace.ok_or_else(|| ProvisionError::NoSuchWorkspace(workspace_id.clone()))?;
        let email = EmailAddress::parse(&wanted.email);
        let email =
            email.ok_or_else(|| ProvisionError::NoSuchAdministrator(wanted.email.clone()))?;
        let before = self.find(&workspace_id, Some(&email), None).await?;
        let before = before.ok_or(ProvisionError::NoSuchAdministrator(wanted.email))?;

        let user_id = before.user_id.clone();
        let factors = self.store.second_factors(&workspace_id, &user_id).await?;
        let removal = factors.removal().into_iter().filter(|_| factors.any());
        let notice = MailKind::SecondFactorChanged {
            user_id: user_id.clone(),
            notice: SecondFactorNotice::RemovedByOperator,
        };
        let notice = factors.any().then(|| OutboxMail::new(notice, now));
        let mut after = before.clone();
        after.login_method = LoginMethod::Password;
        after.version += 1;
        let issuer = CredentialIssuer {
            key: &self.key,
            workspace_id: &workspace_id,
            now,
        };
        let fields = after.synced_fields(editors(&workspace));
        let credential = issuer.invite(&mut after, fields, &self.random);
        let action = AuditAction::AdministratorSentLink;
        let event = AuditEvent::by_operator(hex(&self.random.bytes::<8>()), action, now);
        let changes = changes_of_user(&before, &after, &workspace);
        let hashes = CredentialHashChanges {
            end_sessions: before.login_method != after.login_method || factors.any(),
            ..credential.hashes
        };
        let write = UserWrite::Change {
            before,
            after,
            hashes,
        };
        let commit = Commit {
            users: vec![write],
            second_factors: removal.map(|change| (user_id.clone(), change)).collect(),
            mails: credential.mail.into_iter().chain(notice).collect(),
            audit: vec![event.about_user(&user_id).with_changes(changes)],
            ..Commit::default()
        };
        self.store.commit(&workspace_id, &commit, now).await?;
        tracing::info!(%workspace_id, %user_id, "the administrator is sent a new link");
        let mail_ids = commit.mails.into_iter().map(|mail| mail.mail_id).collect();
        let answer = Provisioned {
            workspace_id,
            system_administrator_user_id: Some(user_id),
            changes: Vec::new(),
        };
        Ok((answer, mail_ids))
    }
}
