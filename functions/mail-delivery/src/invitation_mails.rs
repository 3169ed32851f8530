//! The mails with an invitation URL, where a person sets a password.

use credentials::{CredentialSeed, MailedLink, TokenHash};
use domain::{DerivedFrom, Role, Status, User, UserId, Workspace, WorkspaceId};
use jiff::Timestamp;
use mail::{CompanyText, Invitation, InvitationKind, MailName};
use secrecy::SecretString;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

impl Delivery {
    /// Renders the user's invitation number `serial`, if it is the open one.
    pub(crate) async fn invitation(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        serial: u32,
        again: bool,
        derived_from: Option<&DerivedFrom>,
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let found = self.store.user_with_hashes(workspace_id, user_id).await?;
        let Some((user, hashes)) = found else {
            return Ok(Rendered::Dropped("the user is gone"));
        };
        let Some(open) = &user.invitation else {
            return Ok(Rendered::Dropped(
                "the invitation was accepted or withdrawn",
            ));
        };
        if open.serial != serial {
            return Ok(Rendered::Dropped(
                "the invitation was voided, or a newer one took its place",
            ));
        }
        if user.email.is_none() {
            return Ok(Rendered::Dropped("the user has no e-mail address"));
        }
        if let Some(postponed) = self.postponed(workspace, &user, now).await? {
            return Ok(postponed);
        }
        let user = self
            .with_punctual_invitation(workspace_id, user, now)
            .await?;
        let (Some(invitation), Some(email)) = (&user.invitation, &user.email) else {
            return Ok(Rendered::Dropped("nobody is invited any more"));
        };

        let connection = self.store.connection(workspace_id).await?;
        let texts = connection.as_ref().map(|it| &it.settings.invitation_texts);
        let text = |text: Option<&String>| text.map(|text| CompanyText::new(text));
        let hash = hashes.invitation_hash.unwrap_or_default();
        let url = MailedLink {
            workspace_id: workspace_id.clone(),
            user_id: user_id.clone(),
            secret: self
                .secret_of(workspace_id, &user, &hash, derived_from, now)
                .await?,
        };
        let mail = Invitation {
            kind: kind(&user, again),
            workspace_name: MailName::new(&workspace.name),
            company_code: &workspace.company_code,
            person_name: MailName::new(&user.name),
            url: &url.invitation_url(&self.public_base_url),
            valid_until: invitation.expires_at,
            contact: text(texts.and_then(|texts| texts.contact.as_ref())),
            message: text(texts.and_then(|texts| texts.message.as_ref())),
            from_smarthr: user.crew_link.is_some(),
            sign_in_url: &self.sign_in_url(),
            comes_again: connection
                .as_ref()
                .is_some_and(|it| it.sends_new_links_to(&user, now)),
        };
        Ok(Rendered::Mails(vec![
            mail.mail(&self.from, email.as_str())?,
        ]))
    }

    /// Lets the link of a mail that goes out late work for 72 hours from now, even if it ended while the mail waited,
    /// and returns the user as stored. Repeated, it writes nothing.
    async fn with_punctual_invitation(
        &self,
        workspace_id: &WorkspaceId,
        user: User,
        now: Timestamp,
    ) -> Result<User, DeliveryError> {
        let Some(after) = user.with_late_invitation(now) else {
            return Ok(user);
        };
        let stored = self.store.extend_invitation(workspace_id, &user, &after);
        if stored.await? {
            Ok(after)
        } else {
            Err(DeliveryError::UserChanged)
        }
    }

    /// Derives the secret whose `hash` is stored.
    async fn secret_of(
        &self,
        workspace_id: &WorkspaceId,
        user: &User,
        hash: &str,
        derived_from: Option<&DerivedFrom>,
        now: Timestamp,
    ) -> Result<SecretString, DeliveryError> {
        let serial = u64::from(user.serial);
        let key_id = derived_from.map(|from| &from.key_id);
        let seed = derived_from.map(|from| CredentialSeed::from(&from.seed));
        let keys = self.keys.holding(key_id, now).await?;
        keys.all()
            .map(|key| key.invitation_token(seed.as_ref(), workspace_id, &user.user_id, serial))
            .find(|secret| TokenHash::of(secret).as_str() == hash)
            .ok_or(DeliveryError::NotTheStoredSecret)
    }
}

fn kind(user: &User, again: bool) -> InvitationKind {
    match user.status {
        Status::Active => InvitationKind::SetPassword,
        Status::Invited if user.role == Role::SystemAdministrator && user.crew_link.is_none() => {
            InvitationKind::FirstSystemAdministrator
        }
        Status::Invited if again => InvitationKind::Reinvitation,
        Status::Invited => InvitationKind::Invitation,
    }
}
