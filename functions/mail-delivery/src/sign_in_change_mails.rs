//! The mails to one person about another address or login method.

use credentials::{AddressChange, CredentialSeed};
use domain::{EmailAddress, SecondFactorNotice, User, UserId, Workspace};
use jiff::Timestamp;
use mail::{
    AddressChanged, AddressProof, LoginMethodChanged, MailName, NoticeTo, SecondFactorChanged,
};
use secrecy::ExposeSecret;
use storage::address_changes::address_change_name;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

/// Why a notice to a person is dropped.
pub(crate) const NOBODY_TO_TELL: &str = "the user is gone or has no e-mail address";

impl Delivery {
    /// Makes and renders the link that proves an address, if it is the last one that was asked for.
    pub(crate) async fn address_proof(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        request: &str,
        seed: &CredentialSeed,
        now: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let Some(user) = self.store.user(workspace_id, user_id).await? else {
            return Ok(Rendered::Dropped("the user is gone"));
        };
        let name = address_change_name(workspace_id, user_id);
        let mut stored = self.store.versioned::<AddressChange>(&name).await?;
        let Some(email) = stored.value.due(request, now) else {
            return Ok(Rendered::Dropped("another address was asked for"));
        };
        let keys = self.keys.holding(None, now).await?;
        let key = keys.current();
        let secret = key.address_proof_token(seed, workspace_id, user_id, request);
        stored.value.set_secret(&secret, now);
        let valid_until = stored.value.expires_at();
        self.store
            .put_versioned(&name, &stored, valid_until)
            .await?;
        let url = format!(
            "{}/users/address-changes/{}",
            self.public_base_url,
            secret.expose_secret()
        );
        let mail = AddressProof {
            workspace_name: MailName::new(&workspace.name),
            person_name: MailName::new(&user.name),
            url: &url.into(),
            valid_until,
        };
        Ok(Rendered::Mails(vec![
            mail.mail(&self.from, email.as_str())?,
        ]))
    }

    /// Renders the notices about a changed address, to the old one and to the present one.
    pub(crate) async fn address_changed(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        old: Option<&str>,
        changed_at: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let Some(user) = self.store.user(&workspace.workspace_id, user_id).await? else {
            return Ok(Rendered::Dropped("the user is gone"));
        };
        let mail = AddressChanged {
            workspace_name: MailName::new(&workspace.name),
            person_name: MailName::new(&user.name),
            changed_at,
            sign_in_url: &self.sign_in_url(),
        };
        let mut mails = Vec::new();
        if let Some(old) = old {
            mails.push(mail.mail(&self.from, old, NoticeTo::OldAddress)?);
        }
        if let Some(new) = &user.email {
            mails.push(mail.mail(&self.from, new.as_str(), NoticeTo::NewAddress)?);
        }
        Ok(Rendered::Mails(mails))
    }

    /// Renders the notice about a changed login method.
    pub(crate) async fn login_method_changed(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        changed_at: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let Some((user, email)) = self.user_with_email(workspace, user_id).await? else {
            return Ok(Rendered::Dropped(NOBODY_TO_TELL));
        };
        let mail = LoginMethodChanged {
            workspace_name: MailName::new(&workspace.name),
            person_name: MailName::new(&user.name),
            changed_at,
            login_method: user.login_method,
            sign_in_url: &self.sign_in_url(),
        };
        Ok(Rendered::Mails(vec![
            mail.mail(&self.from, email.as_str())?,
        ]))
    }

    /// Renders the notice about second factors.
    pub(crate) async fn second_factor_changed(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        notice: SecondFactorNotice,
        changed_at: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let Some((user, email)) = self.user_with_email(workspace, user_id).await? else {
            return Ok(Rendered::Dropped(NOBODY_TO_TELL));
        };
        let mail = SecondFactorChanged {
            workspace_name: MailName::new(&workspace.name),
            person_name: MailName::new(&user.name),
            notice,
            changed_at,
            account_url: &format!("{}/account", self.public_base_url),
        };
        Ok(Rendered::Mails(vec![
            mail.mail(&self.from, email.as_str())?,
        ]))
    }

    /// Returns a user and the address that mails to them go to; `None` when either is gone.
    pub(crate) async fn user_with_email(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
    ) -> Result<Option<(User, EmailAddress)>, DeliveryError> {
        let user = self.store.user(&workspace.workspace_id, user_id).await?;
        Ok(user.and_then(|user| user.email.clone().map(|email| (user, email))))
    }

    fn sign_in_url(&self) -> String {
        format!("{}/sign-in", self.public_base_url)
    }
}
