//! The mails with an invitation URL, where a person sets a password.

use credentials::{InvitationUrl, TokenHash};
use domain::{Role, Status, User, UserId, Workspace};
use jiff::Timestamp;
use mail::{Invitation, InvitationKind, MailName};

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
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let found = self.store.user_with_hashes(workspace_id, user_id).await?;
        let Some((user, hashes)) = found else {
            return Ok(Rendered::Dropped("the user is gone"));
        };
        let Some(invitation) = &user.invitation else {
            return Ok(Rendered::Dropped(
                "the invitation was accepted or withdrawn",
            ));
        };
        if invitation.serial != serial {
            return Ok(Rendered::Dropped("a newer invitation took its place"));
        }
        if invitation.expires_at <= now {
            return Ok(Rendered::Dropped("the invitation expired"));
        }
        let Some(email) = &user.email else {
            return Ok(Rendered::Dropped("the user has no e-mail address"));
        };
        if let Some(postponed) = self.postponed(workspace, &user, now).await? {
            return Ok(postponed);
        }

        let secret = self
            .key
            .invitation_token(workspace_id, user_id, u64::from(serial));
        if hashes.invitation_hash.as_deref() != Some(TokenHash::of(&secret).as_str()) {
            return Err(DeliveryError::NotTheStoredSecret);
        }
        let url = InvitationUrl {
            workspace_id: workspace_id.clone(),
            user_id: user_id.clone(),
            secret,
        };
        let mail = Invitation {
            kind: kind(&user, again),
            workspace_name: MailName::new(&workspace.name),
            company_code: &workspace.company_code,
            person_name: MailName::new(&user.name),
            url: &url.url(&self.public_base_url),
            valid_until: invitation.expires_at,
            comes_again: user.crew_link.is_some(),
        };
        Ok(Rendered::Mails(vec![
            mail.mail(&self.from, email.as_str())?,
        ]))
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
