//! The mails to one person about their password: forgotten, changed, or guessed at.

use accounts::check_may_reset_password;
use credentials::{CredentialSeed, MailedLink, PasswordReset};
use domain::{UserId, Workspace};
use jiff::Timestamp;
use mail::{AccountLocked, MailName, PasswordChanged};
use storage::password_resets::password_reset_name;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

impl Delivery {
    /// Makes and renders the link of a password reset, if it is the last one that was asked for and its
    /// user may reset a password.
    pub(crate) async fn password_reset(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        request: &str,
        seed: &CredentialSeed,
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let found = self.store.user_with_hashes(workspace_id, user_id).await?;
        let Some((user, hashes)) = found else {
            return Ok(Rendered::Dropped("the user is gone"));
        };
        if check_may_reset_password(&user).is_err() {
            return Ok(Rendered::Dropped("the user cannot reset a password"));
        }
        let Some(email) = &user.email else {
            return Ok(Rendered::Dropped("the user has no e-mail address"));
        };
        let name = password_reset_name(workspace_id, user_id);
        let mut stored = self.store.versioned::<PasswordReset>(&name).await?;
        let reset = &mut stored.value;
        if !reset.is_due(request, email, hashes.session_epoch, now) {
            return Ok(Rendered::Dropped("the password reset is no longer open"));
        }
        let keys = self.keys.holding(None, now).await?;
        let key = keys.current();
        let secret = key.password_reset_token(seed, workspace_id, user_id, request);
        reset.set_secret(&secret, now);
        let valid_until = reset.expires_at();
        self.store
            .put_versioned(&name, &stored, valid_until)
            .await?;
        let url = MailedLink {
            workspace_id: workspace_id.clone(),
            user_id: user_id.clone(),
            secret,
        };
        let mail = mail::PasswordReset {
            workspace_name: MailName::new(&workspace.name),
            person_name: MailName::new(&user.name),
            url: &url.password_reset_url(&self.public_base_url),
            valid_until,
        };
        Ok(Rendered::Mails(vec![
            mail.mail(&self.from, email.as_str())?,
        ]))
    }

    /// Renders the notice about a changed password.
    pub(crate) async fn password_changed(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        changed_at: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        self.to_person(workspace, user_id, |user, email| {
            let mail = PasswordChanged {
                workspace_name: MailName::new(&workspace.name),
                person_name: MailName::new(&user.name),
                changed_at,
                forgot_url: &self.forgot_password_url(),
            };
            mail.mail(&self.from, email)
        })
        .await
    }

    /// Renders the notice about an account that is locked from everywhere. Whether there is anybody to be
    /// told is decided here, not where the guesses arrive.
    pub(crate) async fn account_locked(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        locked_at: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let user = self.store.user(&workspace.workspace_id, user_id).await?;
        let Some(user) = user.filter(|user| check_may_reset_password(user).is_ok()) else {
            return Ok(Rendered::Dropped("nobody to be told signs in by password"));
        };
        let Some(email) = &user.email else {
            return Ok(Rendered::Dropped("the user has no e-mail address"));
        };
        let mail = AccountLocked {
            workspace_name: MailName::new(&workspace.name),
            person_name: MailName::new(&user.name),
            locked_at,
            forgot_url: &self.forgot_password_url(),
        };
        Ok(Rendered::Mails(vec![
            mail.mail(&self.from, email.as_str())?,
        ]))
    }
}
