//! An admin who changes their own address proves it first: a link is mailed to the new one, and opening it
//! makes it the address. The old one keeps working until then.

use credentials::{AddressChange, CredentialSeed, hex};
use domain::audit::changes_of_user;
use domain::notices::notices_of_change;
use domain::{
    AuditAction, AuditEvent, Connection, CredentialHashChanges, EmailAddress, MailKind, OutboxMail,
    User, Workspace,
};
use secrecy::SecretString;
use storage::StoreError;
use storage::address_changes::address_change_name;
use storage::transaction::{Commit, UserWrite};

use crate::accounts::Accounts;
use crate::edit::UserEdit;
use crate::error::AccountError;
use crate::identity::{TextEdit, checked_email};
use crate::unlink::is_linked;

impl Accounts<'_> {
    /// Takes a new address of the admin's own out of an edit.
    pub(crate) fn take_own_address(&self, before: &User, edit: &mut UserEdit) -> Option<String> {
        let TextEdit::Set(typed) = &edit.email else {
            return None;
        };
        let key = |email: &EmailAddress| email.key();
        let is_new = EmailAddress::parse(typed).as_ref().map(key) != before.email.as_ref().map(key);
        if before.user_id != self.admin.user_id || !is_new {
            return None;
        }
        match std::mem::take(&mut edit.email) {
            TextEdit::Set(typed) => Some(typed),
            TextEdit::Keep | TextEdit::Remove => None,
        }
    }

    /// Stores the address as pending, and mails the link to it.
    pub(crate) async fn ask_for_proof(
        &self,
        user: &User,
        typed: &str,
        workspace: &Workspace,
    ) -> Result<(), AccountError> {
        let email = checked_email(typed, user, workspace)?;
        let wanted = User {
            email: Some(email.clone()),
            ..user.clone()
        };
        self.check_identifiers_free(&wanted).await?;
        let request = hex(&self.random.bytes::<16>());
        let name = address_change_name(self.workspace_id, &user.user_id);
        let mut stored = self.store.versioned::<AddressChange>(&name).await?;
        let change = &mut stored.value;
        if !change.ask(&request, &email, user.email.as_ref(), self.now) {
            return Err(AccountError::TooManyAddressChanges);
        }
        let seed = CredentialSeed::generate(self.random);
        let kind = MailKind::AddressProof {
            user_id: user.user_id.clone(),
            request,
            link_seed: seed.expose_to_store().into(),
        };
        let mail = OutboxMail::new(kind, self.now);
        let mail_ids = vec![mail.mail_id.clone()];
        // Its author is the person. What is edited by the same request is an event of its own, about the user.
        let event = AuditEvent::new(&self.author, AuditAction::OwnAddressAsked, self.now);
        let (until, id) = (stored.value.expires_at(), self.workspace_id);
        self.store
            .put_versioned_with(&name, &stored, until, id, &[mail], &[event])
            .await?;
        self.ask_for_mails(mail_ids).await;
        Ok(())
    }

    /// Makes the pending address of the admin the one that they sign in with. Works once.
    ///
    /// # Errors
    /// [`AccountError::AddressNotAsked`] when this is not the last link that was mailed to this admin or a
    /// day has passed, and the errors of an edit of the address.
    pub async fn prove_own_address(
        &self,
        workspace: &Workspace,
        connection: Option<&Connection>,
        secret: &SecretString,
    ) -> Result<(), AccountError> {
        let before = self.find(self.admin.user_id.as_str()).await?;
        let email = self.pending_address(&before, secret).await?;
        if is_linked(&before, connection) {
            return Err(AccountError::LockedBySmartHr(vec!["メールアドレス"]));
        }
        let mut after = before.clone();
        after.email = Some(checked_email(email.as_str(), &before, workspace)?);
        after.version += 1;
        self.check_identifiers_free(&after).await?;
        let event = self.event(AuditAction::OwnAddressProven, &before);
        let event = event.with_changes(changes_of_user(&before, &after, workspace));
        let name = address_change_name(self.workspace_id, &before.user_id);
        let commit = Commit {
            mails: notices_of_change(&before, &after, self.now),
            users: vec![UserWrite::Change {
                before,
                after,
                hashes: CredentialHashChanges {
                    proven_email: Some(email.as_str().to_owned()),
                    ..CredentialHashChanges::default()
                },
            }],
            ..Commit::default()
        };
        // The link is of the old address: from here on it works no more, also if it is not deleted.
        self.commit(event, commit).await?;
        self.store.delete_versioned(&name).await?;
        Ok(())
    }

    /// Returns the address that the link with this secret proves.
    ///
    /// # Errors
    /// [`AccountError::AddressNotAsked`] when the link does not work for this admin.
    pub async fn pending_address(
        &self,
        admin: &User,
        secret: &SecretString,
    ) -> Result<EmailAddress, AccountError> {
        let name = address_change_name(self.workspace_id, &admin.user_id);
        let stored: Result<_, StoreError> = self.store.versioned::<AddressChange>(&name).await;
        let change = stored?.value;
        let email = change.proven_by(secret, admin.email.as_ref(), self.now);
        email.ok_or(AccountError::AddressNotAsked)
    }
}
