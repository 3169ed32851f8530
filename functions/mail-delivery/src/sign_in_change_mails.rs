//! The mails to one person about another address or login method.

use credentials::{AddressChange, CredentialSeed};
use domain::{SecondFactorNotice, UserId, Workspace};
use jiff::Timestamp;
use mail::{
    AddressChanged, AddressProof, LoginMethodChanged, MailName, NoticeTo, SecondFactorChanged,
};
use secrecy::ExposeSecret;
use storage::address_changes::address_change_name;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

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
        let url = self.url(&format!(
            "/users/address-changes/{}",
            secret.expose_secret()
        ));
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
        self.to_person(workspace, user_id, |user, email| {
            let mail = LoginMethodChanged {
                workspace_name: MailName::new(&workspace.name),
                person_name: MailName::new(&user.name),
                changed_at,
                login_method: user.login_method,
                sign_in_url: &self.sign_in_url(),
            };
            mail.mail(&self.from, email)
        })
        .await
    }

    /// Renders the notice about second factors.
    pub(crate) async fn second_factor_changed(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        notice: SecondFactorNotice,
        changed_at: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        self.to_person(workspace, user_id, |user, email| {
            let mail = SecondFactorChanged {
                workspace_name: MailName::new(&workspace.name),
                person_name: MailName::new(&user.name),
                notice,
                changed_at,
                account_url: &self.account_url(),
            };
            mail.mail(&self.from, email)
        })
        .await
    }
}
